using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Tests.FileSystem;

public sealed class UntrustedFileTests : IDisposable
{
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void A_regular_file_is_read_up_to_a_limit()
    {
        var path = At("file");
        File.WriteAllText(path, "0123456789");
        using var file = UntrustedFile.TryOpen(path, out var kind);
        Assert.Equal(FileKind.File, kind);
        Assert.Equal("2345"u8.ToArray(), UntrustedFile.Read(file!, offset: 2, most: 4));
        Assert.Equal("89"u8.ToArray(), UntrustedFile.Read(file!, offset: 8, most: 4));
        Assert.Empty(UntrustedFile.Read(file!, offset: 20, most: 4));
    }

    [Theory]
    [InlineData("pipe", FileKind.Special)]
    [InlineData("directory", FileKind.Directory)]
    [InlineData("link", FileKind.Link)]
    [InlineData("link-to-a-device", FileKind.Link)]
    [InlineData("dangling", FileKind.Link)]
    [InlineData("nothing", FileKind.Missing)]
    public void Anything_else_is_neither_read_nor_written_nor_waited_for(string name, FileKind expected)
    {
        Directory.CreateDirectory(At("directory"));
        Pipe.Make(At("pipe"));
        File.WriteAllText(At("secret"), "secret");
        File.CreateSymbolicLink(At("link"), At("secret"));
        File.CreateSymbolicLink(At("link-to-a-device"), "/dev/zero");
        File.CreateSymbolicLink(At("dangling"), At("new"));

        Assert.Null(UntrustedFile.TryOpen(At(name), out var kind));
        Assert.Equal(expected, kind);
        if (expected != FileKind.Missing)
            Assert.Contains(At(name), Assert.ThrowsAny<IOException>(() => UntrustedFile.OpenToWrite(At(name), append: false)).Message, StringComparison.Ordinal);

        Assert.Equal("secret", File.ReadAllText(At("secret")));
        Assert.False(File.Exists(At("new")));

        UntrustedFile.Clear(At(name));
        Assert.Equal(FileKind.Missing, FileKinds.Of(At(name)));
        Assert.Equal("secret", File.ReadAllText(At("secret")));
    }

    [Fact]
    public void A_file_is_written_in_place_or_at_its_end_and_made_where_it_is_missing()
    {
        var path = At("file");
        using (var first = UntrustedFile.OpenToWrite(path, append: false))
            RandomAccess.Write(first, "abcdef"u8, fileOffset: 0);

        using (var second = UntrustedFile.OpenToWrite(path, append: false))
            RandomAccess.Write(second, "XY"u8, fileOffset: 0);

        using (var third = UntrustedFile.OpenToWrite(path, append: true))
            RandomAccess.Write(third, "!"u8, fileOffset: 0);

        Assert.Equal("XYcdef!", File.ReadAllText(path));
    }

    [Fact]
    public void A_link_at_the_temporary_name_of_an_atomic_write_is_not_followed()
    {
        File.WriteAllText(At("secret"), "secret");
        File.CreateSymbolicLink(At("file.tmp"), At("secret"));
        DurableFile.WriteAtomically(At("file"), "content"u8);
        Assert.Equal("content", File.ReadAllText(At("file")));
        Assert.Equal("secret", File.ReadAllText(At("secret")));
    }

    private string At(string name) => Path.Combine(_study.Directory.Root, name);
}

using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Tests.FileSystem;

/// <summary>Looking once more for what was not found.</summary>
public sealed class RemoteDirectoryTests : IDisposable
{
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public void What_is_there_is_found_and_what_is_not_is_not()
    {
        var below = Path.Combine(_study.Directory.Checkpoints, "m0001", "i000001-a000001");

        Assert.False(RemoteDirectory.HasAfterAll(below));
        Directory.CreateDirectory(below);
        Assert.True(RemoteDirectory.HasAfterAll(below));
    }
}

using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Tests.FileSystem;

/// <summary>How Linux's list of mounts is read.</summary>
public sealed class MountedFileSystemTests
{
    private const string Text = """
        21 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        33 21 0:25 / /mnt/shared rw,relatime shared:7 master:3 - nfs4 10.0.0.1:/export rw,vers=4.2,hard,local_lock=none,addr=10.0.0.1
        34 21 0:26 /part /mnt/with\040space\011tab\134 ro,nosuid - lustre mgs@tcp:/fs\040one rw,flock
        35 21 0:27 / /mnt/cut
        """;

    [Fact]
    public void A_mount_is_found_by_its_number_with_the_options_of_both_kinds()
    {
        var mount = MountedFileSystem.Find(Text, 33)!;

        Assert.Equal(("/mnt/shared", "nfs4", "10.0.0.1:/export"), (mount.Point, mount.Type, mount.Source));
        Assert.Superset(new HashSet<string> { "relatime", "vers=4.2", "local_lock=none" }, mount.Options.ToHashSet());
    }

    [Fact]
    public void Spaces_tabs_and_backslashes_in_names_are_put_back()
    {
        var mount = MountedFileSystem.Find(Text, 34)!;

        Assert.Equal(("/mnt/with space\ttab\\", "mgs@tcp:/fs one"), (mount.Point, mount.Source));
        Assert.Contains("flock", mount.Options);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(35)]
    [InlineData(99)]
    public void A_number_that_is_not_there_or_whose_line_is_cut_is_no_mount(int id) => Assert.Null(MountedFileSystem.Find(Text, id));

    [Fact]
    public void The_number_of_a_files_mount_is_read_from_its_descriptor()
    {
        Assert.Equal(33, MountedFileSystem.MountId("pos:\t0\nflags:\t02100002\nmnt_id:\t33\nino:\t7\n"));
        Assert.Null(MountedFileSystem.MountId("pos:\t0\nflags:\t02100002\n"));
    }

    [LinuxFact]
    public void An_open_file_is_on_the_file_system_that_holds_it()
    {
        using var file = File.OpenHandle("/proc/self/status");

        var mount = MountedFileSystem.Of((int)file.DangerousGetHandle())!;

        Assert.Equal(("proc", "/proc"), (mount.Type, mount.Point));
    }
}

using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Which file systems are refused since their locks exclude nobody on another host, and how that is said.</summary>
public sealed class SharedLocksTests
{
    [Theory]
    [InlineData("nfs", "rw,vers=3,hard,nolock,local_lock=all", "option nolock", "without that option")]
    [InlineData("nfs", "rw,vers=3,local_lock=all", "option local_lock=all", "without that option")]
    [InlineData("nfs", "rw,vers=3,local_lock=posix", "option local_lock=posix", "vers=4.2")]
    [InlineData("nfs4", "rw,vers=4.2,local_lock=all", "option local_lock=all", "without that option")]
    [InlineData("lustre", "rw,localflock", "option localflock", "the option flock")]
    [InlineData("gfs2", "rw,localflocks", "option localflocks", "without that option")]
    [InlineData("cifs", "rw,nobrl", "option nobrl", "without that option")]
    [InlineData("fuse.sshfs", "rw", "fuse.sshfs", "local disk")]
    [InlineData("fuse.s3fs", "rw", "fuse.s3fs", "local disk")]
    [InlineData("fuse.rclone", "rw", "fuse.rclone", "local disk")]
    public void A_file_system_whose_locks_are_each_hosts_own_is_refused_with_the_remedy(string type, string options, string what, string remedy)
    {
        var objection = Judge(type, options, recoversLostLocks: false);

        Assert.NotNull(objection);
        Assert.Contains("/mnt/x/journal.jsonl", objection, StringComparison.Ordinal);
        Assert.Contains("/mnt/x", objection, StringComparison.Ordinal);
        Assert.Contains(what, objection, StringComparison.Ordinal);
        Assert.Contains(remedy, objection, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("nfs4", "rw,vers=4.2,hard,local_lock=none")]
    [InlineData("nfs", "rw,vers=3,hard,local_lock=none")]
    [InlineData("nfs", "rw,vers=3,local_lock=flock")]
    [InlineData("lustre", "rw,flock")]
    [InlineData("gfs2", "rw")]
    [InlineData("cifs", "rw,cache=strict")]
    [InlineData("ext4", "rw,nolock")]
    [InlineData("fuse.glusterfs", "rw")]
    [InlineData("9p", "rw")]
    public void Any_other_is_taken(string type, string options) => Assert.Null(Judge(type, options, recoversLostLocks: false));

    [Theory]
    [InlineData("nfs4", "rw,vers=4.2,local_lock=none", true)]
    [InlineData("nfs", "rw,vers=4.1,local_lock=none", true)]
    [InlineData("nfs", "rw,vers=3,local_lock=none", false)]
    [InlineData("ext4", "rw", false)]
    public void A_kernel_that_takes_lost_locks_again_is_refused_for_nfs_version_4(string type, string options, bool refused)
    {
        var objection = Judge(type, options, recoversLostLocks: true);

        Assert.Equal(refused, objection?.Contains("recover_lost_locks", StringComparison.Ordinal) ?? false);
    }

    [Theory]
    [InlineData("nosharecache", "server:/export", "0:10", true)]
    [InlineData("sharecache", "server:/export", "0:10", false)]
    [InlineData("nosharecache", "server:/other", "0:10", false)]
    [InlineData("nosharecache", "server:/export", "0:9", false)]
    public void Two_mounts_of_one_host_with_caches_of_their_own_are_refused(string option, string otherSource, string otherDevice, bool refused)
    {
        var text = $"7 1 0:9 / /mnt/x rw - nfs4 server:/export rw,{option}\n8 1 {otherDevice} / /mnt/y rw - nfs4 {otherSource} rw,{option}\n";

        var objection = SharedLocks.Objection("/mnt/x/journal.jsonl", MountedFileSystem.Find(text, 7), recoversLostLocks: false);

        Assert.Equal(refused, objection?.Contains("nosharecache, on /mnt/x and on /mnt/y", StringComparison.Ordinal) ?? false);
    }

    [Fact]
    public void What_cannot_be_told_is_taken() => Assert.Null(SharedLocks.Objection("/x", mount: null, recoversLostLocks: true));

    [Theory]
    [InlineData(38)]
    [InlineData(95)]
    [InlineData(22)]
    public void A_file_system_without_locks_is_the_users_to_change(int error)
    {
        var refused = Assert.IsType<InvalidRequestException>(JournalErrors.NotLocked("/x/journal.jsonl", error));
        Assert.Contains("/x/journal.jsonl cannot be locked", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(37)]
    [InlineData(5)]
    public void A_lock_that_is_not_granted_just_now_may_be_later(int error) =>
        Assert.IsType<TransientStoreException>(JournalErrors.NotLocked("/x/journal.jsonl", error));

    [Fact]
    public void Locks_here_exclude_another_open_file()
    {
        using var study = new TemporaryStudy();
        File.WriteAllText(study.Journal, string.Empty);

        JournalFile.ProveLocks(study.Journal);

        // And leave nothing locked.
        JournalFile.ProveLocks(study.Journal);
    }

    private static string? Judge(string type, string options, bool recoversLostLocks) => SharedLocks.Objection(
        "/mnt/x/journal.jsonl", MountedFileSystem.Find($"7 1 0:9 / /mnt/x rw,relatime - {type} server:/export {options}", 7), recoversLostLocks);
}

using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Journal;

/// <summary>Says which file systems grant the journal's lock without excluding anybody on another host.</summary>
/// <remarks>
/// Only what is known for certain is refused: such locks work on one host, so that no test made there finds the flaw. See
/// nfs(5), mount.cifs(8), mount.lustre(8) and gfs2(5) for the options.
/// </remarks>
internal static class SharedLocks
{
    private const string Remedy = "Mount it so on every host and run again";

    /// <summary>File systems over a protocol that has no locks, or no append and rename as files have them.</summary>
    private static readonly HashSet<string> WithoutLocks = new(StringComparer.Ordinal)
    {
        "davfs", "fuse.blobfuse", "fuse.blobfuse2", "fuse.curlftpfs", "fuse.davfs", "fuse.davfs2", "fuse.gcsfuse", "fuse.geesefs", "fuse.goofys",
        "fuse.mount-s3", "fuse.mountpoint-s3", "fuse.rclone", "fuse.s3backer", "fuse.s3fs", "fuse.sshfs",
    };

    /// <summary>Why the locks of a file system are of no use, and what to do; null if nothing is known against them.</summary>
    /// <param name="path">The journal, for the message.</param>
    /// <param name="mount">Its file system, or null where that cannot be told.</param>
    /// <param name="recoversLostLocks">Whether this kernel's NFS takes a lock again that it lost, as <c>nfs.recover_lost_locks</c> says.</param>
    public static string? Objection(string path, MountedFileSystem? mount, bool recoversLostLocks) => mount?.Type switch
    {
        null => null,
        "nfs" or "nfs4" => OfNfs(path, mount, recoversLostLocks),
        "lustre" when mount.Options.Contains("localflock") => Local(path, mount, "localflock", $"{Remedy}: with the option flock in its place"),
        "gfs2" when mount.Options.Contains("localflocks") => Local(path, mount, "localflocks", $"{Remedy}: without that option"),
        "cifs" or "smb3" when mount.Options.Contains("nobrl") => Local(path, mount, "nobrl", $"{Remedy}: without that option"),
        var type when WithoutLocks.Contains(type) =>
            $"{path} is on a file system of type {type} ({mount.Source} on {mount.Point}), which has no locks between hosts. Put the study on " +
            "a local disk, NFS version 4 or a cluster file system.",
        _ => null,
    };

    private static string? OfNfs(string path, MountedFileSystem mount, bool recoversLostLocks)
    {
        foreach (var option in (string[])["nolock", "local_lock=all", "local_lock=posix"])
        {
            if (mount.Options.Contains(option))
                return Local(path, mount, option, $"{Remedy}: without that option and, best, with vers=4.2");
        }

        // Seen: one of two such mounts read what the other wrote as damage. To the server they are one host.
        if (mount.Options.Contains("nosharecache") && mount.Twin is { } twin)
        {
            return $"{path} is on {mount.Source}, which this host has mounted twice with the option nosharecache, on {mount.Point} and on {twin}: " +
                "what one of them writes the other may not see, so that the journal could be damaged. Mount it once, or without that option, and run again.";
        }

        var isFour = mount.Type is "nfs4" || mount.Options.Any(static option => option.StartsWith("vers=4", StringComparison.Ordinal));
        return isFour && recoversLostLocks
            ? $"{path} is on NFS ({mount.Source} on {mount.Point}), and this kernel has nfs.recover_lost_locks switched on: a host that was cut off " +
              "would go on writing after another has taken its lock. Switch it off (echo N > /sys/module/nfs/parameters/recover_lost_locks), " +
              "and where it is set at boot, and run again."
            : null;
    }

    private static string Local(string path, MountedFileSystem mount, string option, string remedy) =>
        $"{path} is on {mount.Source}, mounted on {mount.Point} with the option {option}: locks there do not exclude other hosts, so that two " +
        $"could write at once. {remedy}.";
}

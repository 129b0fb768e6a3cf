using System.Globalization;
using System.Runtime.InteropServices;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>What the journal says when something is in its way: what, where and how to mend it.</summary>
internal static class JournalErrors
{
    public static PbtException NotOpened(string path, bool writable, int error) => error switch
    {
        Posix.NoSuchFile => new InvalidRequestException($"There is no study in {Path.GetDirectoryName(path)}: {path} does not exist."),
        Posix.ReadOnlyFileSystem or Posix.AccessDenied or Posix.NotPermitted when writable => new InvalidRequestException(
            $"{path} may not be written: {Text(error)}. The study can be looked at, but to change it pbt needs write permission for that file."),
        Posix.AccessDenied or Posix.NotPermitted => new InvalidRequestException($"{path} may not be read: {Text(error)}."),
        Posix.IsLink => new DamagedStoreException(
            $"{path} is a symbolic link, and pbt follows none inside a study's directory: put the file itself in its place. To keep a study on another disk, have its whole directory there (--dir)."),
        _ => new TransientStoreException($"{path} could not be opened: {Text(error)}. Run again when it can be: nothing is lost."),
    };

    /// <remarks>
    /// ENOLCK is what NFS 3 says while its lock service is down and any system when its table is full: it passes once
    /// somebody mends that. Of the others fcntl(2) and flock(2) say that the file system has no such call.
    /// </remarks>
    public static PbtException NotLocked(string path, int error) => error switch
    {
        Posix.NotImplemented or Posix.NotSupported or Posix.InvalidArgument => new InvalidRequestException(
            $"{path} cannot be locked: {Text(error)}. Its file system has no locks, without which two workers could write at once. Put the " +
            "study on a local disk or NFS version 4, or mount the file system with locks (Lustre: the option flock)."),
        _ => new TransientStoreException(
            $"{path} could not be locked: {Text(error)}. pbt needs locks on that file system; for NFS that is version 4, or 3 with its lock " +
            "service running. Mend that and run again: nothing is lost."),
    };

    public static InvalidRequestException LocksExcludeNobody(string path) => new(
        $"{path} can be locked twice at once: locks on its file system exclude nobody, so that two workers could write at once. Put the study " +
        "on a local disk, NFS version 4 or a cluster file system mounted with locks.");

    public static TransientStoreException NotWritten(string path, string what, int error) => error switch
    {
        Posix.NoSpace or Posix.QuotaExceeded => new(
            $"There is no space left on the file system of {path} ({Text(error)}). Free space and run again: nothing is lost."),
        Posix.ReadOnlyFileSystem => new(
            $"The file system of {path} has become read-only. Mount it writable again and run again: nothing is lost."),
        Posix.InputOutputError => new(
            $"{path} could not be {what}: the storage reports an error ({Text(error)}). Look at the system's log, or, if this host was " +
            "cut off from a file server and has lost its lock, go on; run again when it is mended: what pbt confirmed is in the file."),
        Posix.BadDescriptor or Posix.StaleFile => new(
            $"{path} could not be {what}: {Text(error)}. This host has lost touch with the file, as after being cut off from a file server. " +
            "Run again when it is back: what pbt confirmed is in the file."),
        _ => new($"{path} could not be {what}: {Text(error)}. Run again when it can be: nothing is lost."),
    };

    public static DamagedStoreException Damaged(string path, long line, long offset, string what, string? mend = null, Exception? inner = null) => new(
        string.Create(
            CultureInfo.InvariantCulture,
            $"{path} is damaged at line {line}, byte {offset}: {what}. Nothing was changed. {mend ?? Mend(path)}"),
        inner);

    public static DamagedStoreException Shorter(string path, long length, JournalPosition folded) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{path} is damaged: it has {length} bytes, but version {folded.Version} that was read before ended at byte {folded.Offset}. Somebody cut it. Restore the file from a copy."));

    public static InvalidRequestException Newer(string path, long line, string what) => new(string.Create(
        CultureInfo.InvariantCulture,
        $"{path}, line {line}: {what}. The study was written by a newer pbt: use that version, or a later one."));

    private static string Mend(string path) =>
        $"Restore the file from a copy; if there is none, `pbt verify {Path.GetDirectoryName(path)} --repair --dry-run` says what can be saved.";

    private static string Text(int error) => Marshal.GetPInvokeErrorMessage(error);
}

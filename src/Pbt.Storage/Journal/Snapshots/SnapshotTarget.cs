using Microsoft.Win32.SafeHandles;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Journal.Snapshots;

/// <summary>The right to write a study's next snapshot: one has it at a time, in any process.</summary>
/// <remarks>
/// The snapshot is written to <c>snapshot.tmp</c>, under a lock on that file which dies with its holder, and then renamed. So
/// it is seen whole or not at all, and of writers that were killed at most one such file is left, which the next one uses.
/// It is not synced: what a power failure makes of it, its checksums tell.
/// </remarks>
internal sealed class SnapshotTarget : IDisposable
{
    private readonly string _path;
    private readonly string _temporary;
    private readonly SafeFileHandle _file;

    private SnapshotTarget(string path, string temporary, SafeFileHandle file)
    {
        _path = path;
        _temporary = temporary;
        _file = file;
    }

    /// <summary>Gets the right; null if somebody else has it, or if there can be no such file.</summary>
    public static SnapshotTarget? TryOpen(string path)
    {
        var temporary = path + ".tmp";
        if (FileKinds.Of(temporary) is not (FileKind.File or FileKind.Missing))
            return null;

        if (!File.Exists(temporary))
        {
            using (File.OpenHandle(temporary, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete))
            {
            }
        }

        // The one who had the lock may have renamed the file meanwhile: it is a snapshot then, and not to be touched.
        var file = Posix.Open(temporary, Posix.ReadWrite | Posix.NonBlocking);
        if (!file.IsInvalid && Posix.TryLock(file) && Posix.IdentityOf(file) == Posix.IdentityOf(temporary))
            return new(path, temporary, file);

        file.Dispose();
        return null;
    }

    /// <summary>Writes the snapshot and puts it in its place; false, and nothing left, if that failed.</summary>
    public bool TryWrite(SnapshotHeader header, ReadOnlyMemory<byte> payload)
    {
        try
        {
            // A cache must not take the last space from what it is a cache of.
            if (new DriveInfo(_temporary).AvailableFreeSpace < 4L * payload.Length ||
                Posix.Truncate(_file, 0) != 0 || Posix.Write(_file, header.ToBytes(), 0) != 0 || Posix.Write(_file, payload.Span, SnapshotHeader.Size) != 0)
            {
                Remove();
                return false;
            }

            File.Move(_temporary, _path, overwrite: true);
            return true;
        }
        catch (Exception e) when (SnapshotFile.IsHarmless(e))
        {
            Remove();
            return false;
        }
    }

    /// <summary>Gives the right back.</summary>
    public void Dispose() => _file.Dispose();

    private void Remove()
    {
        try
        {
            File.Delete(_temporary);
        }
        catch (Exception e) when (SnapshotFile.IsHarmless(e))
        {
            // The next one finds it, and may be able to.
        }
    }
}

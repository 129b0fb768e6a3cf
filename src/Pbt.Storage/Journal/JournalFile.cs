using Microsoft.Win32.SafeHandles;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>What is done with the file: the places at which tests let it fail.</summary>
internal enum JournalOperation
{
    Lock,
    Write,
    Sync,
    Truncate,
}

/// <summary>Fails an operation on purpose: returns the error's number, or 0 to let it happen.</summary>
internal delegate int JournalFaults(JournalOperation operation);

/// <summary>An open journal: its bytes and its lock, with errors that say what to do.</summary>
/// <remarks>
/// The lock belongs to this object's open file: it excludes other processes and other stores in this one, and the system
/// releases it when the process ends, however it ends. Not thread-safe but for reading.
/// </remarks>
internal sealed class JournalFile : IDisposable
{
    private readonly SafeFileHandle _handle;
    private readonly JournalFaults? _faults;
    private readonly Posix.FileIdentity? _identity;
    private bool _bsdLocks = !OperatingSystem.IsLinux();

    private JournalFile(string path, SafeFileHandle handle, JournalFaults? faults)
    {
        Path = path;
        _handle = handle;
        _faults = faults;
        _identity = Posix.IdentityOf(handle);
    }

    /// <summary>Where it is.</summary>
    public string Path { get; }

    /// <summary>How many bytes it has now.</summary>
    public long Length => RandomAccess.GetLength(_handle);

    /// <summary>Opens an existing journal.</summary>
    /// <exception cref="InvalidRequestException">
    /// There is none, or it may not be opened so; or it is to be written and its file system has no locks between hosts.
    /// </exception>
    /// <exception cref="TransientStoreException">It could not be opened just now.</exception>
    public static JournalFile Open(string path, bool writable, JournalFaults? faults = null)
    {
        var handle = Posix.Open(path, writable ? Posix.ReadWrite : Posix.ReadOnly);
        var error = handle.IsInvalid ? Posix.LastError : Posix.BypassNetworkCache(handle);
        if (error != 0)
        {
            handle.Dispose();
            throw JournalErrors.NotOpened(path, writable, error);
        }

        if (writable && SharedLocks.Objection(path, Posix.MountOf(handle), Posix.RecoversLostLocks()) is { } objection)
        {
            handle.Dispose();
            throw new InvalidRequestException(objection);
        }

        return new(path, handle, faults);
    }

    /// <summary>Makes sure that a lock here excludes another open file: some file systems grant whatever is asked for.</summary>
    /// <exception cref="InvalidRequestException">It does not, or there are no locks.</exception>
    /// <exception cref="TransientStoreException">No lock was granted just now.</exception>
    public static void ProveLocks(string path)
    {
        using var holder = Open(path, writable: true);
        using var other = Open(path, writable: true);
        holder.Lock(exclusive: true);
        if (Posix.TryLock(other._handle))
            throw JournalErrors.LocksExcludeNobody(path);

        holder.Unlock();
    }

    /// <summary>Waits until no other holder is in the way: of a shared lock only an exclusive one is.</summary>
    /// <exception cref="InvalidRequestException">The file system has no locks.</exception>
    /// <exception cref="TransientStoreException">The file system grants none just now.</exception>
    public void Lock(bool exclusive)
    {
        var kind = exclusive ? Posix.LockKind.Exclusive : Posix.LockKind.Shared;
        var error = _faults?.Invoke(JournalOperation.Lock) ?? 0;
        if (error == 0 && !_bsdLocks)
        {
            error = Posix.OpenFileLock(_handle, kind);

            // A kernel before 3.15 does not know these locks; it has no other kind that dies with its holder alone.
            _bsdLocks = error is Posix.InvalidArgument or Posix.NotImplemented;
        }

        if (_bsdLocks)
            error = Posix.Flock(_handle, kind);

        if (error != 0)
            throw JournalErrors.NotLocked(Path, error);
    }

    /// <summary>Lets the next one in.</summary>
    public void Unlock() => _ = _bsdLocks ? Posix.Flock(_handle, Posix.LockKind.None) : Posix.OpenFileLock(_handle, Posix.LockKind.None);

    /// <summary>Makes sure that the path still names this file.</summary>
    /// <exception cref="DamagedStoreException">Somebody removed it or put another in its place.</exception>
    /// <exception cref="TransientStoreException">The path could not be followed.</exception>
    public void CheckIdentity()
    {
        // An NFS client may go on remembering which file the path names, but not, under a lock, whether its own has a name.
        if (_identity is null || Posix.IdentityOf(Path) is var found && found == _identity && Posix.IdentityOf(_handle) is not { HasName: false })
            return;

        var error = Posix.LastError;
        if (found is null && error != Posix.NoSuchFile)
            throw JournalErrors.NotWritten(Path, "found", error);

        throw new DamagedStoreException(
            $"{Path} was removed or replaced while it was in use. Put the file back in its place, or start pbt again on the new one.");
    }

    /// <summary>Reads until the buffer is full or the file ends; returns how many bytes.</summary>
    /// <exception cref="TransientStoreException">The system could not read it.</exception>
    public int Read(Span<byte> buffer, long offset)
    {
        var done = 0;
        try
        {
            while (done < buffer.Length && RandomAccess.Read(_handle, buffer[done..], offset + done) is > 0 and var read)
                done += read;
        }
        catch (IOException e)
        {
            throw new TransientStoreException($"{Path} could not be read: {e.Message} Run again when it can be.", e);
        }

        return done;
    }

    /// <summary>Writes all bytes, in one call if the system takes it.</summary>
    /// <exception cref="TransientStoreException">They were not all written; some may have been.</exception>
    public void Write(ReadOnlySpan<byte> bytes, long offset) => Check(
        Fault(JournalOperation.Write) is var fault and not 0 ? fault : Posix.Write(_handle, bytes, offset), "written");

    /// <summary>Makes what was written durable.</summary>
    /// <exception cref="TransientStoreException">The system could not.</exception>
    public void Sync() => Check(Fault(JournalOperation.Sync) is var fault and not 0 ? fault : Posix.SyncData(_handle), "synced");

    /// <summary>Cuts the file to a length.</summary>
    /// <exception cref="TransientStoreException">The system could not.</exception>
    public void Truncate(long length) => Check(
        Fault(JournalOperation.Truncate) is var fault and not 0 ? fault : Posix.Truncate(_handle, length), "cut");

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private int Fault(JournalOperation operation) => _faults?.Invoke(operation) ?? 0;

    private void Check(int error, string what)
    {
        if (error != 0)
            throw JournalErrors.NotWritten(Path, what, error);
    }
}

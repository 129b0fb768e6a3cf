namespace Pbt.Runtime.Workers;

/// <summary>Remembers when the study's file system was last seen full or not to be written.</summary>
/// <remarks>
/// A trainer that fails for want of space is not at fault, and the space may be back by the time it has ended: so the
/// worker looks at every heartbeat. Thread-safe.
/// </remarks>
internal sealed class StorageTrouble(IAttemptFiles files, TimeProvider time)
{
    private long _last = long.MinValue;

    /// <summary>Notes that something could not be written just now.</summary>
    public void Note() => Interlocked.Exchange(ref _last, time.GetTimestamp());

    /// <summary>Looks whether there is space.</summary>
    public void Look()
    {
        if (files.IsFull())
            Note();
    }

    /// <summary>Whether there was trouble at or after a moment of the time provider's.</summary>
    public bool HasBeenSince(long timestamp) => Interlocked.Read(ref _last) >= timestamp;
}

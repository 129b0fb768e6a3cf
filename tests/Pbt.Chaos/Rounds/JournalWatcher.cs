using Pbt.Chaos.Checks;

namespace Pbt.Chaos.Rounds;

/// <summary>Reads a journal while it is written, and remembers what counts as acknowledged.</summary>
/// <remarks>
/// It reads while it holds the lock as a reader: no writer is then in the midst of a batch, so each whole transaction was
/// written to its end, and from then on nobody may take it back. Thread-safe.
/// </remarks>
internal sealed class JournalWatcher : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(40);

    private readonly string _path;
    private readonly CancellationTokenSource _over = new();
    private readonly List<JournalLine> _lines = [];
    private readonly Task _watching;
    private int _completed;
    private bool _ended;

    public JournalWatcher(string path)
    {
        _path = path;
        _watching = Task.Run(WatchAsync);
    }

    public Acknowledgements Acknowledged { get; } = new();

    /// <summary>How many intervals have completed.</summary>
    public int Completed => Volatile.Read(ref _completed);

    /// <summary>Whether the study has ended.</summary>
    public bool HasEnded => Volatile.Read(ref _ended);

    /// <summary>The last version seen.</summary>
    public int Version
    {
        get
        {
            lock (_lines)
                return _lines.Count;
        }
    }

    /// <summary>What came after a version.</summary>
    public List<JournalLine> After(int version)
    {
        lock (_lines)
            return _lines[Math.Min(version, _lines.Count)..];
    }

    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Period);
        JournalLock? journal = null;
        try
        {
            while (await timer.WaitForNextTickAsync(_over.Token))
            {
                if (journal is null && File.Exists(_path))
                    journal = new JournalLock(_path);

                if (journal is not null && journal.TryTake(exclusive: false))
                    Read(journal);
            }
        }
        catch (OperationCanceledException)
        {
            // The round is over.
        }
        finally
        {
            journal?.Dispose();
        }
    }

    private void Read(JournalLock journal)
    {
        byte[] bytes;
        try
        {
            bytes = new byte[Math.Max(0, RandomAccess.GetLength(journal.Handle) - Acknowledged.Length)];
            bytes = bytes[..RandomAccess.Read(journal.Handle, bytes, Acknowledged.Length)];
        }
        finally
        {
            journal.Release();
        }

        var added = Acknowledged.Add(bytes);
        lock (_lines)
            _lines.AddRange(added);

        foreach (var line in added)
        {
            if (line.Type == "interval_completed")
                Interlocked.Increment(ref _completed);
            else if (line.Type == "study_ended")
                Volatile.Write(ref _ended, true);
        }
    }
}

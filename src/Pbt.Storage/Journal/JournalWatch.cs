using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>Lets callers wait for a journal to grow, by this process or by another.</summary>
/// <remarks>
/// Thread-safe. This process's commits wake at once. For those of others one loop looks at the file while somebody waits:
/// file systems shared between machines tell nobody of a change. It opens the file for each look, since NFS brings a
/// file's length up to date when it is opened.
/// </remarks>
internal sealed class JournalWatch(string path, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(200);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _version;
    private long _length = -1;
    private int _waiting;
    private bool _looking;

    /// <summary>Notes that the journal has come to a version, and wakes those who wait for it.</summary>
    public void Advance(long version)
    {
        lock (_lock)
        {
            if (version <= _version)
                return;

            _version = version;
            Wake().TrySetResult();
        }
    }

    /// <summary>Completes when the journal has grown past a version.</summary>
    public async ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_version > afterVersion)
                        return;

                    ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(JournalStore));
                    changed = _changed.Task;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            lock (_lock)
                _waiting--;
        }
    }

    /// <summary>Fails those who still wait.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        Fail(new ObjectDisposedException(nameof(JournalStore)));
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            var changed = Wake();
            changed.TrySetException(exception);

            // Seen, even if nobody waits.
            _ = changed.Task.Exception;
        }
    }

    private TaskCompletionSource Wake()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed;
    }

    private void Enter()
    {
        lock (_lock)
        {
            _waiting++;
            if (_looking)
                return;

            _looking = true;
        }

        _ = Task.Run(LookAsync, CancellationToken.None);
    }

    private async Task LookAsync()
    {
        var wait = ShortestWait;
        while (true)
        {
            var grown = TryLook();
            lock (_lock)
            {
                _looking = _waiting > 0 && !_closing.IsCancellationRequested;
                if (!_looking)
                    return;
            }

            wait = grown ? ShortestWait : TimeSpan.FromTicks(Math.Min(LongestWait.Ticks, wait.Ticks * 5 / 4));
            try
            {
                await Task.Delay(wait, time, _closing.Token);
            }
            catch (OperationCanceledException)
            {
                // The next round ends the loop.
            }
        }
    }

    /// <summary>Looks once; what goes wrong, those who wait are told.</summary>
    private bool TryLook()
    {
        try
        {
            using var file = JournalFile.Open(path, writable: false);
            var length = file.Length;
            if (length == _length)
                return false;

            var (version, isEnd) = LastVersion(file, length);

            // What does not end whole may be a write of another host of which the end has arrived before the beginning.
            _length = isEnd ? length : -1;
            Advance(version);
            return isEnd;
        }
        catch (Exception e)
        {
            Fail(e is PbtException ? e : new TransientStoreException($"{path} could not be looked at: {e.Message}", e));
            return false;
        }
    }

    /// <summary>The version of the last whole transaction, found from the end; whether all before it is in order is for readers to say.</summary>
    private static (long Version, bool IsEnd) LastVersion(JournalFile file, long length)
    {
        for (var window = 1L << 16; ; window = Math.Min(window * 8, Array.MaxLength))
        {
            var start = Math.Max(0, length - window);
            var bytes = new byte[length - start];
            var rest = bytes.AsSpan(0, file.Read(bytes, start));
            var lineEnd = rest.LastIndexOf((byte)'\n');
            while (lineEnd > 0)
            {
                var line = rest[(rest[..lineEnd].LastIndexOf((byte)'\n') + 1)..lineEnd];
                if (JournalLine.IsWhole(line) && !JournalLine.HasMore(line))
                    return (JournalLine.VersionOf(line), start + lineEnd + 1 == length);

                lineEnd = rest[..lineEnd].LastIndexOf((byte)'\n');
            }

            if (start == 0 || window == Array.MaxLength)
                return (0, length == 0);
        }
    }
}

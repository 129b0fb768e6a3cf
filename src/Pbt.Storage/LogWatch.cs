namespace Pbt.Storage;

/// <summary>Lets callers wait for a log to grow, by this process or by another.</summary>
/// <remarks>
/// Thread-safe. This process's commits wake at once. Those of others are seen by one loop that looks while somebody waits,
/// in whatever way the store has.
/// </remarks>
internal abstract class LogWatch(string store) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _looking = Task.CompletedTask;
    private long _version;
    private int _waiting;
    private bool _isLooking;

    /// <summary>Completes when the loop has ended and let go of what it used.</summary>
    public Task Ended
    {
        get
        {
            lock (_lock)
                return _looking;
        }
    }

    /// <summary>Cancelled when the store is closed.</summary>
    protected CancellationToken Closing => _closing.Token;

    /// <summary>Whether somebody waits.</summary>
    protected bool IsAwaited
    {
        get
        {
            lock (_lock)
                return _waiting > 0 && !_closing.IsCancellationRequested;
        }
    }

    /// <summary>Notes that the log has come to a version, and wakes those who wait for it.</summary>
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

    /// <summary>Completes when the log has grown past a version.</summary>
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

                    ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, this);
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
        Fail(new ObjectDisposedException(store));
    }

    /// <summary>Looks for what others commit, as long as <see cref="GoesOn"/>; what goes wrong it tells by <see cref="Fail"/>.</summary>
    protected abstract Task LookAsync();

    /// <summary>Whether the loop is to go on; once this says no, it must end, since whoever waits next begins another.</summary>
    protected bool GoesOn()
    {
        lock (_lock)
            return _isLooking = _waiting > 0 && !_closing.IsCancellationRequested;
    }

    /// <summary>Fails those who wait.</summary>
    protected void Fail(Exception exception)
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
            if (_isLooking || _closing.IsCancellationRequested)
                return;

            _isLooking = true;
            _looking = Task.Run(LookAsync, CancellationToken.None);
        }
    }
}

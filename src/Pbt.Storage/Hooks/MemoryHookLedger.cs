namespace Pbt.Storage.Hooks;

/// <summary>The ledger of a study that only this process knows.</summary>
public sealed class MemoryHookLedger : IHookLedger
{
    private readonly Lock _lock = new();
    private long _done;
    private bool _isTaken;

    /// <inheritdoc/>
    public TimeSpan Pause { get; } = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public ValueTask<IHookTurn?> TryTakeAsync(CancellationToken cancellationToken = default)
    {
        lock (_lock)
        {
            if (_isTaken)
                return ValueTask.FromResult<IHookTurn?>(null);

            _isTaken = true;
            return ValueTask.FromResult<IHookTurn?>(new Turn(this));
        }
    }

    private sealed class Turn(MemoryHookLedger ledger) : IHookTurn
    {
        private bool _isOver;

        public long Done
        {
            get
            {
                lock (ledger._lock)
                    return ledger._done;
            }
        }

        public ValueTask NoteAsync(long version, CancellationToken cancellationToken = default)
        {
            lock (ledger._lock)
                ledger._done = version;

            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync()
        {
            lock (ledger._lock)
            {
                if (!_isOver)
                    ledger._isTaken = false;

                _isOver = true;
            }

            return ValueTask.CompletedTask;
        }
    }
}

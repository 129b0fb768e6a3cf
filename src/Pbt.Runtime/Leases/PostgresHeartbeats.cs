using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Postgres;

namespace Pbt.Runtime.Leases;

/// <summary>Heartbeats as rows of a study's database.</summary>
/// <remarks>
/// A beat is written in the background, so that a server that is away holds nobody up: only the latest of each worker
/// waits, and what went wrong with one the next tells. Disposing it waits a moment for what is still to be written.
/// </remarks>
public sealed class PostgresHeartbeats(PostgresWorkers workers, TimeProvider time) : IHeartbeats, IAsyncDisposable
{
    private static readonly TimeSpan FarewellPatience = TimeSpan.FromSeconds(2);
    private readonly Lock _lock = new();
    private readonly Dictionary<WorkerId, long?> _latest = [];
    private Task _writing = Task.CompletedTask;
    private bool _isWriting;
    private PbtException? _failure;

    /// <inheritdoc/>
    public void Beat(WorkerId worker, long counter)
    {
        if (Enqueue(worker, counter) is { } failure)
            throw new IOException(failure.Message, failure);
    }

    /// <inheritdoc/>
    public void Remove(WorkerId worker) => Enqueue(worker, counter: null);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken)
    {
        try
        {
            var all = await workers.ReadAllAsync(cancellationToken);
            return all.ToDictionary(static entry => new WorkerId(entry.Key), static entry => entry.Value);
        }
        catch (PbtException e)
        {
            throw new IOException(e.Message, e);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Task writing;
        lock (_lock)
            writing = _writing;

        try
        {
            await writing.WaitAsync(FarewellPatience, time);
        }
        catch (TimeoutException)
        {
            // The server is away; a counter that stays of a worker that is gone does no harm.
        }
    }

    /// <summary>Has a counter written, or removed; returns what went wrong with an earlier one.</summary>
    private PbtException? Enqueue(WorkerId worker, long? counter)
    {
        lock (_lock)
        {
            _latest[worker] = counter;
            if (!_isWriting)
            {
                _isWriting = true;
                _writing = Task.Run(WriteAsync);
            }

            var failure = _failure;
            _failure = null;
            return failure;
        }
    }

    private async Task WriteAsync()
    {
        while (true)
        {
            WorkerId worker;
            long? counter;
            lock (_lock)
            {
                if (_latest.Count == 0)
                {
                    _isWriting = false;
                    return;
                }

                (worker, counter) = _latest.First();
                _latest.Remove(worker);
            }

            try
            {
                if (counter is { } number)
                    await workers.WriteAsync(worker.Value, number);
                else
                    await workers.RemoveAsync(worker.Value);
            }
            catch (PbtException e)
            {
                lock (_lock)
                    _failure = e;
            }
            catch (ObjectDisposedException)
            {
                // The study was closed meanwhile.
            }
        }
    }
}

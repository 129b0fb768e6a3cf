using Pbt.Runtime.Processes;

namespace Pbt.Backends.Local;

/// <summary>One worker process on this machine.</summary>
internal sealed class LocalWorker : IWorkerGroup
{
    // Longer than any grace a worker gives its trainers by itself: it is ended only if it hangs.
    private static readonly TimeSpan StopPatience = TimeSpan.FromHours(1);

    private readonly ChildProcess _child;
    private readonly CancellationTokenSource _kill = new();
    private int _stops;

    public LocalWorker(ChildProcess child, string log)
    {
        _child = child;
        Completion = CompleteAsync(log);
    }

    public Task<WorkerGroupEnd> Completion { get; }

    public void Stop()
    {
        if (Interlocked.Increment(ref _stops) == 1)
            _ = _child.EndAsync(StopPatience, _kill.Token);
    }

    public void Kill()
    {
        _kill.Cancel();
        Stop();
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await Completion;
        _kill.Dispose();
    }

    private async Task<WorkerGroupEnd> CompleteAsync(string log)
    {
        var status = await _child.WaitAsync();
        return new WorkerGroupEnd(status.Code, $"the worker ended with {status}", log);
    }
}

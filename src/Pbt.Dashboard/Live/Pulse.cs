namespace Pbt.Dashboard.Live;

/// <summary>Tells whoever waits that something changed.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class Pulse
{
    private TaskCompletionSource _next = NewBeat();

    /// <summary>Completes at the next beat. Take it before looking at what may change.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Something changed.</summary>
    public void Beat() => Interlocked.Exchange(ref _next, NewBeat()).TrySetResult();

    private static TaskCompletionSource NewBeat() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

namespace Pbt.Runtime.Workers;

/// <summary>Growing pauses between tries: doubled each time, from 0.1 s to 10 s.</summary>
internal sealed class Backoff(TimeProvider time)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    /// <summary>The next pause.</summary>
    public TimeSpan Next { get; private set; } = First;

    /// <summary>Waits for the next pause.</summary>
    public async Task WaitAsync(CancellationToken cancellationToken)
    {
        var pause = Next;
        Next = pause * 2 < Longest ? pause * 2 : Longest;
        await Task.Delay(pause, time, cancellationToken);
    }
}

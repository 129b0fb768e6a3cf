using System.Text.Json;
using System.Threading.Channels;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Keeps the progress that a trainer reports, apart from the reading: a slow disk must not hold a trainer up.</summary>
/// <remarks>Thread-safe. What does not get kept is counted, and said in the attempt's log.</remarks>
internal sealed class ProgressIntake : IAsyncDisposable
{
    // What may wait for the disk, in bytes of the lines as they came.
    private const long MaxWaiting = 32L * 1024 * 1024;

    private readonly Channel<Item> _items = Channel.CreateUnbounded<Item>(new() { SingleReader = true });
    private readonly Task _writing;
    private long _waiting;

    public ProgressIntake() => _writing = Task.Run(WriteAllAsync);

    /// <summary>Hands reports of one attempt over; they are written soon.</summary>
    /// <returns>Whether they are taken; otherwise too much waits already.</returns>
    public bool TryAdd(AttemptContext context, IReadOnlyList<JsonElement> reports, long bytes)
    {
        if (Interlocked.Read(ref _waiting) > MaxWaiting)
            return false;

        Interlocked.Add(ref _waiting, bytes);
        return _items.Writer.TryWrite(new(context, reports, bytes, Written: null));
    }

    /// <summary>Completes when all that was handed over before is written.</summary>
    public Task FlushAsync()
    {
        if (Interlocked.Read(ref _waiting) == 0)
            return Task.CompletedTask;

        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _items.Writer.TryWrite(new(Context: null, [], Bytes: 0, written)) ? written.Task : _writing;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _items.Writer.TryComplete();
        await _writing;
    }

    private async Task WriteAllAsync()
    {
        await foreach (var item in _items.Reader.ReadAllAsync())
        {
            try
            {
                item.Context?.Progress(item.Reports);
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or DamagedStoreException)
            {
                // Progress is for looking at: an interval must not fail for it.
            }

            Interlocked.Add(ref _waiting, -item.Bytes);
            item.Written?.SetResult();
        }
    }

    /// <summary>Reports to write, or somebody who waits until they are.</summary>
    private sealed record Item(AttemptContext? Context, IReadOnlyList<JsonElement> Reports, long Bytes, TaskCompletionSource? Written);
}

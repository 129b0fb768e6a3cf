using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;

namespace Pbt.Runtime.Workers;

/// <summary>Deletes checkpoints that nobody needs, beside the training: a large one takes a while.</summary>
/// <remarks>Thread-safe. Disposing it waits until all is deleted; what a crash leaves is found by <c>pbt gc</c>.</remarks>
internal sealed class CheckpointCollector : IAsyncDisposable
{
    private readonly Channel<CheckpointId> _released = Channel.CreateUnbounded<CheckpointId>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ICheckpointStore _checkpoints;
    private readonly ILogger _logger;
    private readonly Task _collecting;

    public CheckpointCollector(ICheckpointStore checkpoints, ILogger logger)
    {
        _checkpoints = checkpoints;
        _logger = logger;
        _collecting = CollectAsync();
    }

    /// <summary>Has them deleted soon.</summary>
    public void Collect(IEnumerable<CheckpointId> released)
    {
        foreach (var checkpoint in released)
            _released.Writer.TryWrite(checkpoint);
    }

    public async ValueTask DisposeAsync()
    {
        _released.Writer.TryComplete();
        await _collecting;
    }

    private async Task CollectAsync()
    {
        // To another thread; under a synchronisation context, to its next turn.
        await Task.Yield();
        while (await _released.Reader.WaitToReadAsync())
        {
            while (_released.Reader.TryRead(out var checkpoint))
                await DeleteAsync(checkpoint);
        }
    }

    private async ValueTask DeleteAsync(CheckpointId checkpoint)
    {
        try
        {
            await _checkpoints.DeleteAsync(checkpoint);
        }
        catch (Exception error) when (AttemptExecution.IsMachinery(error))
        {
            _logger.NotDeleted(error.Message);
        }
    }
}

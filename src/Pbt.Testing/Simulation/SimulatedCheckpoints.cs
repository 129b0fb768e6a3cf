using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;

namespace Pbt.Testing.Simulation;

/// <summary>All checkpoints of a simulated study: each is a number.</summary>
internal sealed class CheckpointVault
{
    /// <summary>Those being written; null until something is.</summary>
    public Dictionary<CheckpointId, double?> Staged { get; } = [];

    /// <summary>Those published.</summary>
    public Dictionary<CheckpointId, double> Published { get; } = [];
}

/// <summary>One process's way to the checkpoints, broken now and then.</summary>
internal sealed class SimulatedCheckpoints(CheckpointVault vault, StudyAuditor auditor, VirtualProcess process, FaultWeather weather) : ICheckpointStore
{
    private static readonly TimeSpan Usual = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public string Stage(CheckpointId id)
    {
        ThrowSometimes();
        vault.Staged[id] = null;
        return Locate(id);
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default)
    {
        await Task.Delay(weather.About(Usual), process.Time, cancellationToken);
        ThrowSometimes();
        if (vault.Staged.Remove(id, out var written))
        {
            if (written is not { } content)
                return new PublishResult.Refused("simulated: nothing was written");

            vault.Published[id] = content;
        }

        ThrowSometimes();
        return vault.Published.ContainsKey(id)
            ? new PublishResult.Published(new CheckpointManifest([], []))
            : new PublishResult.Refused("simulated: the staged files are gone");
    }

    /// <inheritdoc/>
    public ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        ThrowSometimes();
        vault.Staged.Remove(id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<FetchResult> FetchAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
    {
        await Task.Delay(weather.About(Usual), process.Time, cancellationToken);
        ThrowSometimes();
        if (vault.Published.ContainsKey(id))
            return new FetchResult.Fetched(Locate(id));

        auditor.Missing(process, id);
        return new FetchResult.Missing();
    }

    /// <inheritdoc/>
    public void Release(CheckpointId id)
    {
        // No simulated disk drops what is needed.
    }

    /// <inheritdoc/>
    public ValueTask<FetchResult> VerifyAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default) => FetchAsync(id, check, cancellationToken);

    /// <inheritdoc/>
    public string Locate(CheckpointId id) => id.ToString();

    /// <inheritdoc/>
    public string LocalPathOf(CheckpointId id) => id.ToString();

    /// <inheritdoc/>
    public ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        ThrowSometimes();
        auditor.Deleting(process, id);
        vault.Published.Remove(id);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<StoredCheckpoint> ListAsync(CancellationToken cancellationToken = default) =>
        vault.Published.Keys.Select(static id => new StoredCheckpoint(id, IsPublished: true))
            .Concat(vault.Staged.Keys.Select(static id => new StoredCheckpoint(id, IsPublished: false)))
            .ToAsyncEnumerable();

    /// <inheritdoc/>
    public ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default) => ValueTask.FromResult(0L);

    private void ThrowSometimes()
    {
        if (weather.Strikes(Faults.Files, 0.05))
            throw new IOException("simulated: the disk does not answer");
    }
}

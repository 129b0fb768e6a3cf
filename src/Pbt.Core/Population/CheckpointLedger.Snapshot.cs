using Pbt.Core.Population.Snapshots;

namespace Pbt.Core.Population;

internal sealed partial class CheckpointLedger
{
    private const int LeastNeed = 4;
    private const int LeastRelease = 3;
    private const int LeastDamage = 4;

    /// <summary>Writes what is needed, what was released and what is damaged.</summary>
    public void Write(SnapshotWriter writer)
    {
        writer.Number((ulong)_needs.Count);
        foreach (var (id, count) in _needs.OrderBy(static n => n.Key.Attempt).ThenBy(static n => n.Key.Member).ThenBy(static n => n.Key.Interval))
        {
            writer.Checkpoint(id);
            writer.Number((ulong)count);
        }

        writer.Number((ulong)_released.Count);
        foreach (var id in _released)
            writer.Checkpoint(id);

        writer.Number((ulong)_damaged.Count);
        foreach (var (id, reason) in _damaged.OrderBy(static d => d.Key.Attempt).ThenBy(static d => d.Key.Member).ThenBy(static d => d.Key.Interval))
        {
            writer.Checkpoint(id);
            writer.Text(reason);
        }
    }

    /// <summary>Reads what was written.</summary>
    public static CheckpointLedger Read(ref SnapshotReader reader)
    {
        var ledger = new CheckpointLedger();
        for (var left = reader.Count(LeastNeed); left > 0; left--)
            SnapshotReader.Expect(ledger._needs.TryAdd(reader.Checkpoint(), reader.Below(int.MaxValue)));

        var released = reader.Count(LeastRelease);
        ledger._released.EnsureCapacity(released);
        for (; released > 0; released--)
            ledger._released.Add(reader.Checkpoint());

        for (var left = reader.Count(LeastDamage); left > 0; left--)
            SnapshotReader.Expect(ledger._damaged.TryAdd(reader.Checkpoint(), reader.Text()));

        return ledger;
    }
}

using Pbt.Core.Population.Snapshots;

namespace Pbt.Core.Population;

internal sealed partial class CheckpointLedger
{
    private const int LeastNeed = 4;
    private const int LeastRelease = 3;

    /// <summary>Writes what is needed and what was released.</summary>
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

        return ledger;
    }
}

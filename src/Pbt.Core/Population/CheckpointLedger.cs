namespace Pbt.Core.Population;

/// <summary>Counts who needs each checkpoint, so that what nobody needs can be deleted.</summary>
/// <remarks>
/// A checkpoint that has been released is never needed again: decisions only name checkpoints that are alive.
/// </remarks>
internal sealed partial class CheckpointLedger
{
    private readonly Dictionary<CheckpointId, int> _needs = [];
    private readonly List<CheckpointId> _released = [];

    /// <summary>Those that somebody needs.</summary>
    public IReadOnlyCollection<CheckpointId> Live => _needs.Keys;

    /// <summary>Those that nobody needs any more, in the order in which that came to be.</summary>
    public IReadOnlyList<CheckpointId> Released => _released;

    public bool IsLive(CheckpointId id) => _needs.ContainsKey(id);

    public void Need(CheckpointId? id)
    {
        if (id is { } known)
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_needs, known, out _)++;
    }

    public void Release(CheckpointId? id)
    {
        if (id is not { } known || !_needs.TryGetValue(known, out var count))
            return;

        if (count > 1)
        {
            _needs[known] = count - 1;
            return;
        }

        _needs.Remove(known);
        _released.Add(known);
    }
}

namespace Pbt.Core.Population;

/// <summary>Counts who needs each checkpoint, so that what nobody needs can be deleted.</summary>
/// <remarks>
/// A checkpoint that has been released is never needed again: decisions only name checkpoints that are alive. One that is
/// damaged is needed by nobody from then on, and is not released either: its files stay for people to look at.
/// </remarks>
internal sealed partial class CheckpointLedger
{
    private readonly Dictionary<CheckpointId, int> _needs = [];
    private readonly List<CheckpointId> _released = [];
    private readonly Dictionary<CheckpointId, string> _damaged = [];

    /// <summary>Those that somebody needs.</summary>
    public IReadOnlyCollection<CheckpointId> Live => _needs.Keys;

    /// <summary>Those that nobody needs any more, in the order in which that came to be.</summary>
    public IReadOnlyList<CheckpointId> Released => _released;

    /// <summary>Those found damaged or missing, with what is wrong.</summary>
    public IReadOnlyDictionary<CheckpointId, string> Damaged => _damaged;

    public bool IsLive(CheckpointId id) => _needs.ContainsKey(id);

    public void Need(CheckpointId? id)
    {
        if (id is { } known && !_damaged.ContainsKey(known))
            System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_needs, known, out _)++;
    }

    /// <summary>Forgets who needs it, for good.</summary>
    public void Damage(CheckpointId id, string reason)
    {
        _needs.Remove(id);
        _damaged.Add(id, reason);
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

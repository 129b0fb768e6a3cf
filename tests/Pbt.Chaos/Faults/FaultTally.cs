namespace Pbt.Chaos.Faults;

/// <summary>Counts faults by kind: those that took effect, and those that were tried in vain.</summary>
internal sealed class FaultTally
{
    private readonly SortedDictionary<string, (int Done, int Vain)> _counts = new(StringComparer.Ordinal);

    public int Total => _counts.Values.Sum(static count => count.Done);

    public IReadOnlyDictionary<string, (int Done, int Vain)> Counts => _counts;

    /// <summary>The kinds that cannot be had here, with the reason.</summary>
    public SortedDictionary<string, string> Unavailable { get; } = new(StringComparer.Ordinal);

    public void Add(string kind, bool tookEffect)
    {
        var (done, vain) = _counts.GetValueOrDefault(kind);
        _counts[kind] = tookEffect ? (done + 1, vain) : (done, vain + 1);
    }
}

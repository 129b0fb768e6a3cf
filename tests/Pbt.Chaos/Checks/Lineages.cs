using System.Globalization;
using Pbt.Chaos.Trainer;

namespace Pbt.Chaos.Checks;

/// <summary>What every completed interval must have led to, computed along its lineage.</summary>
internal sealed class Lineages(IReadOnlyDictionary<CheckpointName, Produced> produced)
{
    private readonly Dictionary<CheckpointName, Trained> _trained = [];

    /// <summary>What an interval must have led to.</summary>
    public Trained Of(CheckpointName name)
    {
        // Along the lineage from its beginning: recursion could be as deep as the study is long.
        var open = new Stack<CheckpointName>([name]);
        while (open.TryPeek(out var next))
        {
            var interval = produced[next];
            if (_trained.ContainsKey(next))
            {
                open.Pop();
            }
            else if (interval.Start is { } start && !_trained.ContainsKey(start))
            {
                open.Push(start);
            }
            else
            {
                _trained[next] = ChaosTrainer.Train(interval.Start is { } from ? _trained[from] : null, interval);
                open.Pop();
            }
        }

        return _trained[name];
    }

    /// <summary>Every recorded score is what the trainer gives.</summary>
    public IEnumerable<Violation> CheckScores()
    {
        foreach (var interval in produced.Values)
        {
            var expected = Of(interval.Name).Score;
            if (interval.Score != expected)
                yield return new Violation(Invariant.Scores, string.Create(CultureInfo.InvariantCulture, $"{interval.Name} has {interval.Score}, not {expected}"));
        }
    }
}

using Pbt.Core.Randomness;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Chooses categories for a member: its place in a batch over the whole population.</summary>
/// <remarks>
/// The weights of <see cref="TimeVaryingExp3"/> are a fold of the history: one round for each interval number, the gains
/// standardised, clipped to ±2 and mapped from least to greatest onto [0, 1] as rewards. The expected counts are rounded by
/// <see cref="DependentRounding"/> to a batch with one place for each member, shuffled, and a member takes its own place: so
/// those who explore after the same interval share the values out among themselves. The stream is keyed by the interval and
/// the same for all members; for each categorical it rounds, then shuffles.
/// </remarks>
internal static class CategoryBatch
{
    private const int RoundsWithoutLimit = 100;

    /// <summary>The categories for the member of this context.</summary>
    public static int[] Choose(ExploreContext context, BanditHistory history, BanditProblems problems)
    {
        var spec = context.State.Spec;
        var random = new RandomStream(spec.Seed, member: 0, context.Member.Intervals, RandomPurpose.ExploreBatch);
        var rewards = Rewards(problems.Of(history, []));
        var chosen = new int[problems.Choices.Length];
        for (var c = 0; c < chosen.Length; c++)
        {
            var index = problems.Choices[c];
            var expected = Weigh(spec, history, rewards, index).Expected();
            chosen[c] = Batch(DependentRounding.Round(expected, spec.Population, random), random)[context.Member.Id.Value];
        }

        return chosen;
    }

    private static TimeVaryingExp3 Weigh(StudySpec spec, BanditHistory history, double[] rewards, int index)
    {
        var definition = spec.Hyperparameters.Definitions[index];
        var bandit = new TimeVaryingExp3(BanditProblems.CategoryCount(definition), spec.Population, spec.Budget.Intervals ?? RoundsWithoutLimit);
        var arms = new List<int>();
        for (var from = 0; from < rewards.Length; from += arms.Count)
        {
            arms.Clear();
            for (var i = from; i < rewards.Length && history.Rows[i].Interval == history.Rows[from].Interval; i++)
                arms.Add(BanditProblems.CategoryOf(definition, history.Rows[i].Hyperparameters[index].Value));

            bandit.Observe(arms.ToArray(), rewards.AsSpan(from, arms.Count));
        }

        return bandit;
    }

    /// <summary>The gains from least to greatest as 0 … 1; ½ where all are the same, none without a history.</summary>
    private static double[] Rewards(BanditProblem? problem)
    {
        if (problem is null)
            return [];

        var values = new BanditWindow(problem, problem.Gains.Length).Values;
        var least = values.Min();
        var range = values.Max() - least;
        for (var i = 0; i < values.Length; i++)
            values[i] = range > 0 ? (values[i] - least) / range : 0.5;

        return values;
    }

    /// <summary>Each category as often as counted, in an order drawn by Fisher and Yates.</summary>
    private static int[] Batch(int[] counts, RandomStream random)
    {
        var batch = new List<int>();
        for (var category = 0; category < counts.Length; category++)
            batch.AddRange(Enumerable.Repeat(category, counts[category]));

        for (var i = batch.Count - 1; i > 0; i--)
        {
            var j = random.NextInt(i + 1);
            (batch[i], batch[j]) = (batch[j], batch[i]);
        }

        return [.. batch];
    }
}

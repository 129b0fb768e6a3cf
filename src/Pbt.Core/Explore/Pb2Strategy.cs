using Pbt.Core.Explore.Bandits;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>PB2: floats, ints and ordinals are chosen by a time-varying Gaussian process bandit.</summary>
/// <remarks>
/// A categorical or bool keeps its value or is drawn anew, as by resample; these draws come first, in the
/// order of the spec, then those of <see cref="UpperConfidenceBound"/>. With fewer than two intervals to learn from, each number
/// is drawn from its prior instead: one draw each. Deferred: with 1,000 intervals a proposal takes about half a second.
/// Source: Parker-Holder, Nguyen and Roberts, "Provably Efficient Online Hyperparameter Optimization with Population-Based
/// Bandits", NeurIPS 2020; what differs from it is said in docs/decisions/0011.
/// </remarks>
internal sealed class Pb2Strategy(Pb2Explore spec) : IExploreStrategy
{
    public bool IsDeferred => true;

    public Hyperparameters Explore(ExploreContext context)
    {
        var problems = new BanditProblems(context.Space);
        var choices = new Dictionary<int, HyperparameterValue>();
        foreach (var index in problems.Choices)
        {
            choices[index] = context.Random.NextBool(spec.ResampleProbability)
                ? context.Space.Definitions[index].FromUnit(context.Random.NextDouble())
                : context.From[index].Value;
        }

        return NumbersByBandit(context, problems, BanditHistory.Of(context), categories: [], choices);
    }

    /// <summary>The values of the categoricals and bools that are given, and those of the numbers that the bandit proposes.</summary>
    internal static Hyperparameters NumbersByBandit(
        ExploreContext context, BanditProblems problems, BanditHistory history, int[] categories, Dictionary<int, HyperparameterValue> choices)
    {
        double[] position;
        if (problems.Numbers.IsEmpty)
            position = [];
        else if (problems.Of(history, categories) is { } problem)
            position = UpperConfidenceBound.Propose(problem, context.Random);
        else
            position = [.. problems.Numbers.Select(_ => context.Random.NextDouble())];

        return problems.At(position, choices);
    }
}

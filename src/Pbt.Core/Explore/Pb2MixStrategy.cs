using Pbt.Core.Explore.Bandits;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Explore;

/// <summary>PB2-Mix: PB2 with categoricals and bools chosen by time-varying EXP3.M, and in the kernel.</summary>
/// <remarks>
/// Categories first (<see cref="CategoryBatch"/>), then the numbers by a Gaussian process whose kernel mixes both
/// (<see cref="KernelParameters"/>), with the draws of <see cref="Pb2Strategy"/>. Without categoricals and bools it is PB2.
/// Source: Parker-Holder, Nguyen, Desai and Roberts, "Tuning Mixed Input Hyperparameters on the Fly for Efficient Population
/// Based AutoRL", NeurIPS 2021.
/// </remarks>
internal sealed class Pb2MixStrategy : IExploreStrategy
{
    public bool IsDeferred => true;

    public Hyperparameters Explore(ExploreContext context)
    {
        var problems = new BanditProblems(context.Space);
        var history = BanditHistory.Of(context);
        var categories = CategoryBatch.Choose(context, history, problems);
        var choices = new Dictionary<int, HyperparameterValue>();
        for (var c = 0; c < categories.Length; c++)
            choices[problems.Choices[c]] = BanditProblems.ValueOf(context.Space.Definitions[problems.Choices[c]], categories[c]);

        return Pb2Strategy.NumbersByBandit(context, problems, history, categories, choices);
    }
}

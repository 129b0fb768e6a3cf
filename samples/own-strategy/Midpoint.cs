using Pbt.Core.Custom;
using Pbt.Core.Explore;
using Pbt.Core.SearchSpaces;

namespace Pbt.Samples.OwnStrategy;

/// <summary>Goes part of the way from the member's own hyperparameters to its donor's, and adds some noise.</summary>
[Strategy("midpoint")]
public sealed class Midpoint(StrategySettings settings) : IExploreStrategy
{
    private readonly double _part = settings.Number("part", 0.5);
    private readonly double _noise = settings.Number("noise", 0.05);

    /// <inheritdoc/>
    public Hyperparameters Explore(ExploreContext context)
    {
        var own = context.Member.Hyperparameters;
        var donors = context.Donor?.Record.Hyperparameters ?? own;
        return context.Space.Build((index, definition) =>
        {
            // In [0, 1), on the hyperparameter's own scale.
            var (mine, theirs) = (definition.ToUnit(own[index].Value), definition.ToUnit(donors[index].Value));
            return definition.FromUnit(mine + (_part * (theirs - mine)) + (_noise * context.Random.NextGaussian()));
        });
    }
}

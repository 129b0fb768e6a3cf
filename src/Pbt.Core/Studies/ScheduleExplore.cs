using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies;

/// <summary>Hyperparameters that hold from some step on.</summary>
/// <param name="FromStep">Trainer steps in the weights when they begin to hold; at least 0.</param>
/// <param name="Hyperparameters">Complete and in bounds.</param>
public sealed record HyperparameterChange(long FromStep, Hyperparameters Hyperparameters);

/// <summary>They follow a given schedule, by the steps in a member's weights: <c>strategy: schedule</c>. Needs <see cref="NoExploit"/>.</summary>
public sealed record ScheduleExplore : ExploreSpec
{
    /// <summary>Follows these changes.</summary>
    /// <param name="changes">At least one; the first at step 0, each after the one before.</param>
    public ScheduleExplore(ImmutableArray<HyperparameterChange> changes)
    {
        Changes = changes;
        When = ExploreWhen.Always;
    }

    /// <summary>The changes, by their steps.</summary>
    public ImmutableArray<HyperparameterChange> Changes { get; }

    /// <summary>What holds at a step.</summary>
    /// <param name="step">Trainer steps in the weights, at least 0.</param>
    public Hyperparameters At(long step)
    {
        var (low, high) = (0, Changes.Length - 1);
        while (low < high)
        {
            var middle = (low + high + 1) / 2;
            if (Changes[middle].FromStep <= step)
                low = middle;
            else
                high = middle - 1;
        }

        return Changes[low].Hyperparameters;
    }
}

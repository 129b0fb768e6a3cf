using Pbt.Core.Custom;
using Pbt.Core.Exploit;
using Pbt.Core.Explore.Programs;
using Pbt.Core.Explore.Rules;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Explore;

/// <summary>Moves hyperparameters.</summary>
/// <remarks>
/// Pure: the same arguments give the same answer. Implementations are stateless and thread-safe, and what they return
/// lies in the search space.
/// </remarks>
public interface IExploreStrategy
{
    /// <summary>
    /// Whether finding new hyperparameters takes so long that it is done outside the store's lock, from a version of the log
    /// that the decision records. Default false.
    /// </summary>
    bool IsDeferred => false;

    /// <summary>The new hyperparameters.</summary>
    Hyperparameters Explore(ExploreContext context);
}

/// <summary>What hyperparameters are explored on.</summary>
/// <param name="State">The study, as it is when the decision is taken.</param>
/// <param name="Member">For whom; its own hyperparameters are those of the interval that ended.</param>
/// <param name="From">The hyperparameters to start from: its own or its donor's.</param>
/// <param name="Donor">From whom it inherits; null if from nobody.</param>
/// <param name="Random">The draws of this decision.</param>
public sealed record ExploreContext(StudyState State, MemberState Member, Hyperparameters From, RankedMember? Donor, RandomStream Random)
{
    /// <summary>The checkpoint that its next interval starts from; null is from scratch. Default its own.</summary>
    public CheckpointId? Start { get; init; } = Member.Start;

    /// <summary>The search space.</summary>
    public SearchSpace Space => State.Spec.Hyperparameters;
}

/// <summary>Makes the strategy that a spec names.</summary>
public static class ExploreStrategy
{
    /// <summary>The strategy of this spec.</summary>
    /// <exception cref="InvalidRequestException">It is a custom one that is not registered, or its settings are wrong.</exception>
    public static IExploreStrategy Of(ExploreSpec spec) => spec switch
    {
        NoExplore => NoExploreStrategy.Instance,
        ScheduleExplore schedule => new ScheduleStrategy(schedule),
        RuleExplore rule => new RuleStrategy(rule),
        Pb2Explore bandit => new Pb2Strategy(bandit),
        Pb2MixExplore => new Pb2MixStrategy(),
        GpbtPlExplore pairs => new GpbtPlStrategy(pairs),
        CommandExplore command => new ProgramStrategy(command),
        CustomExplore custom => CustomStrategies.Make(custom),
        _ => throw new NotSupportedException($"There is no explore strategy for {spec.GetType().Name}."),
    };

    /// <summary>The strategy of this spec where the decision cannot wait: perturb with its standard values if it is a deferred one.</summary>
    public static IExploreStrategy Immediate(ExploreSpec spec) =>
        Of(spec) is { IsDeferred: false } strategy ? strategy : new RuleStrategy(new PerturbExplore());
}

/// <summary>Hyperparameters stay as they are.</summary>
internal sealed class NoExploreStrategy : IExploreStrategy
{
    public static readonly NoExploreStrategy Instance = new();

    public Hyperparameters Explore(ExploreContext context) => context.From;
}

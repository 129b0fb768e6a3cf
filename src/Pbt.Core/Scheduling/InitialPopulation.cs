using System.Collections.Immutable;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>The first hyperparameters of every member.</summary>
public static class InitialPopulation
{
    /// <summary>One set for each member, a pure function of the spec.</summary>
    public static ImmutableArray<Hyperparameters> Of(StudySpec spec) => spec.Initial switch
    {
        RandomInitial => [.. Enumerable.Range(0, spec.Population).Select(member =>
            Prior.Sample(spec.Hyperparameters, new RandomStream(spec.Seed, member, interval: 0, RandomPurpose.InitialHyperparameters)))],
        LatinHypercubeInitial =>
            LatinHypercube.Design(spec.Hyperparameters, spec.Population, new RandomStream(spec.Seed, member: 0, interval: 0, RandomPurpose.InitialDesign)),
        ExplicitInitial given => given.Members,
        ScheduleInitial when spec.Explore is ScheduleExplore schedule => [.. Enumerable.Repeat(schedule.At(0), spec.Population)],
        _ => throw new NotSupportedException($"There is no initial population for {spec.Initial.GetType().Name}."),
    };
}

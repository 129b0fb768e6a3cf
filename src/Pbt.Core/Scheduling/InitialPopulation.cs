using System.Collections.Immutable;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>The first hyperparameters of every member.</summary>
public static class InitialPopulation
{
    /// <summary>One set for each first member, candidates included: a pure function of the spec.</summary>
    public static ImmutableArray<Hyperparameters> Of(StudySpec spec) => spec.Initial switch
    {
        RandomInitial => [.. Enumerable.Range(0, spec.FirstMembers).Select(member =>
            Prior.Sample(spec.Hyperparameters, new RandomStream(spec.Seed, member, interval: 0, RandomPurpose.InitialHyperparameters)))],
        LatinHypercubeInitial =>
            LatinHypercube.Design(spec.Hyperparameters, spec.FirstMembers, new RandomStream(spec.Seed, member: 0, interval: 0, RandomPurpose.InitialDesign)),
        SobolInitial => SobolDesign.Of(spec.Hyperparameters, spec.FirstMembers, spec.Seed),
        MutateDefaultsInitial => FromDefaults(spec),
        ExplicitInitial given => given.Members,
        _ => throw new NotSupportedException($"There is no initial population for {spec.Initial.GetType().Name}."),
    };

    private static ImmutableArray<Hyperparameters> FromDefaults(StudySpec spec)
    {
        var study = StudyState.Fold([new RecordedEvent(1, DateTimeOffset.UnixEpoch, new StudyCreated(StudyCreated.CurrentFormat, spec, string.Empty))]);
        return [.. Enumerable.Range(0, spec.FirstMembers).Select(member => FromDefaults(study, member))];
    }

    /// <summary>The defaults; explored once, but for the first member, which lets them be compared as they are.</summary>
    private static Hyperparameters FromDefaults(StudyState study, int member)
    {
        var spec = study.Spec;
        var defaults = spec.Hyperparameters.Build(static (_, definition) => definition.Default
            ?? throw new InvalidOperationException($"The hyperparameter '{definition.Name}' has no default."));
        if (member == 0)
            return defaults;

        var explore = spec.Explore is RuleExplore ? spec.Explore : new PerturbExplore();
        var random = new RandomStream(spec.Seed, member, interval: 0, RandomPurpose.InitialHyperparameters);
        return ExploreStrategy.Of(explore).Explore(new(study, new MemberState(new(member), defaults), defaults, Donor: null, random));
    }
}

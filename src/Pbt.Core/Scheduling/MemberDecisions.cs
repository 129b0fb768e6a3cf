using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Explore.Programs;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>A decision that lacks only the exploration of new hyperparameters.</summary>
/// <param name="Frame">The decision; its hyperparameters hold if nothing is to be explored.</param>
/// <param name="Explore">What is to be explored on; null if nothing is.</param>
public sealed record OpenDecision(MemberDecided Frame, ExploreContext? Explore);

/// <summary>What a member does after an interval: continue, explore, exploit, or be rescued.</summary>
/// <remarks>
/// Pure: a function of the study's state at one version. Donors are taken as they were at the end of the ranked
/// interval, so decisions of the same generation do not depend on each other.
/// </remarks>
public sealed class MemberDecisions
{
    private const double DefaultRescueTop = 0.2;

    private readonly StudySpec _spec;
    private readonly IExploitStrategy _exploit;
    private readonly IExploreStrategy _explore;

    /// <summary>The decisions of studies with this spec.</summary>
    public MemberDecisions(StudySpec spec)
    {
        _spec = spec;
        _exploit = ExploitStrategy.Of(spec);
        _explore = ExploreStrategy.Of(spec.Explore);
    }

    /// <summary>Whether new hyperparameters are found outside the store's lock.</summary>
    public bool AreDeferred => _explore.IsDeferred;

    /// <summary>The strategy that asks a user's program for new hyperparameters, or null.</summary>
    public IProgramStrategy? Program => _explore as IProgramStrategy;

    /// <summary>The decision for a member whose last interval has ended, or null if it failed and there is no donor yet.</summary>
    /// <param name="state">The study.</param>
    /// <param name="member">An undecided member.</param>
    /// <param name="ranking">What it is compared with: <see cref="Ranking.For"/>.</param>
    public MemberDecided? Decide(StudyState state, MemberState member, Ranking ranking) =>
        Open(state, member, ranking) is { } open ? Complete(open) : null;

    /// <summary>The same but for the exploration, which may take long.</summary>
    public OpenDecision? Open(StudyState state, MemberState member, Ranking ranking)
    {
        if (member.LastIntervalFailed)
            return Rescue(state, member, ranking);

        var interval = member.Intervals;
        if (interval <= _spec.BurnIn || ranking.Find(member.Id) is not { } self)
            return Stay(member);

        var random = new RandomStream(_spec.Seed, member.Id.Value, interval, RandomPurpose.Exploit);
        var choice = _exploit.Choose(new ExploitContext(state, member, self, ranking, random));
        return choice switch
        {
            ExploitChoice.Inherit inherit => Inherit(state, member, inherit),
            ExploitChoice.Mutate when _spec.Explore is not NoExplore => Mutate(state, member),
            ExploitChoice.Keep when _spec.Explore is { When: ExploreWhen.Always } and not NoExplore => Mutate(state, member),
            _ => Stay(member),
        };
    }

    /// <summary>Explores what is open.</summary>
    public MemberDecided Complete(OpenDecision open) =>
        open.Explore is { } context ? open.Frame with { Hyperparameters = _explore.Explore(context) } : open.Frame;

    /// <summary>Whether the decision is to be completed outside the store's lock.</summary>
    public bool IsDeferred(OpenDecision open) => AreDeferred && open.Explore is not null;

    /// <summary>A uniform draw among the top of a ranking that is not empty.</summary>
    internal static RankedMember DrawRescuer(StudySpec spec, Ranking ranking, RandomStream random)
    {
        var top = spec.Exploit.DonorFraction is > 0 and { } fraction ? fraction : DefaultRescueTop;
        return ranking.AtPlace(random.NextInt(Math.Max(1, ranking.Part(top))));
    }

    private static OpenDecision Stay(MemberState member) =>
        new(new(member.Id, member.Intervals, MemberAction.Continue, Donor: null, Checkpoint: null, Hyperparameters: null), Explore: null);

    private OpenDecision Mutate(StudyState state, MemberState member) =>
        new(
            new(member.Id, member.Intervals, MemberAction.Explore, Donor: null, Checkpoint: null, Hyperparameters: null),
            Exploring(state, member, member.Hyperparameters, donor: null));

    private OpenDecision Inherit(StudyState state, MemberState member, ExploitChoice.Inherit choice)
    {
        var donor = choice.Donor;
        var what = choice.What ?? _spec.Exploit.Inherit;
        var from = choice.From ?? (what == Inheritance.Weights ? member.Hyperparameters : donor.Record.Hyperparameters);
        var checkpoint = what == Inheritance.Hyperparameters ? null : donor.Record.Checkpoint;
        return new(
            new(member.Id, member.Intervals, MemberAction.Exploit, donor.Member, checkpoint, from),
            choice.Explores ? Exploring(state, member, from, donor) with { Start = checkpoint ?? member.Start } : null);
    }

    /// <summary>A failed member takes everything from a uniform draw among the top of those who may rescue it.</summary>
    private OpenDecision? Rescue(StudyState state, MemberState member, Ranking ranking)
    {
        if (ranking.Count == 0)
            return null;

        var random = new RandomStream(_spec.Seed, member.Id.Value, member.Intervals, RandomPurpose.Rescue);
        var donor = DrawRescuer(_spec, _exploit.Rescuers(state, member, ranking), random);
        return new(
            new(member.Id, member.Intervals, MemberAction.Rescue, donor.Member, donor.Record.Checkpoint, donor.Record.Hyperparameters),
            Exploring(state, member, donor.Record.Hyperparameters, donor) with { Start = donor.Record.Checkpoint });
    }

    private ExploreContext Exploring(StudyState state, MemberState member, Hyperparameters from, RankedMember? donor) =>
        new(state, member, from, donor, new RandomStream(_spec.Seed, member.Id.Value, member.Intervals, RandomPurpose.Explore));
}

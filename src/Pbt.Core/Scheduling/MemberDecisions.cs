using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

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

    /// <summary>The decision for a member whose last interval has ended, or null if it failed and there is no donor yet.</summary>
    /// <param name="member">An undecided member.</param>
    /// <param name="ranking">What it is compared with: <see cref="Ranking.For"/>.</param>
    public MemberDecided? Decide(MemberState member, Ranking ranking)
    {
        if (member.LastIntervalFailed)
            return Rescue(member, ranking);

        var interval = member.Intervals;
        if (interval <= _spec.BurnIn || ranking.Find(member.Id) is not { } self)
            return Plain(member, MemberAction.Continue, hyperparameters: null);

        var random = new RandomStream(_spec.Seed, member.Id.Value, interval, RandomPurpose.Exploit);
        if (_exploit.ChooseDonor(self, ranking, random) is { } donor)
            return Inherit(member, donor);

        return _spec.Explore is { When: ExploreWhen.Always } and not NoExplore
            ? Plain(member, MemberAction.Explore, Explore(member, member.Hyperparameters))
            : Plain(member, MemberAction.Continue, hyperparameters: null);
    }

    private static MemberDecided Plain(MemberState member, MemberAction action, Hyperparameters? hyperparameters) =>
        new(member.Id, member.Intervals, action, Donor: null, Checkpoint: null, hyperparameters);

    private MemberDecided Inherit(MemberState member, RankedMember donor)
    {
        var inherit = _spec.Exploit.Inherit;
        var from = inherit == Inheritance.Weights ? member.Hyperparameters : donor.Record.Hyperparameters;
        var checkpoint = inherit == Inheritance.Hyperparameters ? null : donor.Record.Checkpoint;
        return new(member.Id, member.Intervals, MemberAction.Exploit, donor.Member, checkpoint, Explore(member, from));
    }

    /// <summary>A failed member takes everything from a uniform draw among the top, whatever the strategies are.</summary>
    private MemberDecided? Rescue(MemberState member, Ranking ranking)
    {
        if (ranking.Count == 0)
            return null;

        var random = new RandomStream(_spec.Seed, member.Id.Value, member.Intervals, RandomPurpose.Rescue);
        var donor = DrawRescuer(_spec, ranking, random);
        return new(
            member.Id,
            member.Intervals,
            MemberAction.Rescue,
            donor.Member,
            donor.Record.Checkpoint,
            Explore(member, donor.Record.Hyperparameters));
    }

    /// <summary>A uniform draw among the top of a ranking that is not empty.</summary>
    internal static RankedMember DrawRescuer(StudySpec spec, Ranking ranking, RandomStream random)
    {
        var top = spec.Exploit is TruncationExploit { Top: > 0 } truncation ? truncation.Top : DefaultRescueTop;
        return ranking.AtPlace(random.NextInt(Math.Max(1, ranking.Part(top))));
    }

    private Hyperparameters Explore(MemberState member, Hyperparameters from)
    {
        var random = new RandomStream(_spec.Seed, member.Id.Value, member.Intervals, RandomPurpose.Explore);
        return _explore.Explore(_spec.Hyperparameters, from, random);
    }
}

using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

/// <summary>Best n of m: m candidates train for the first intervals, and the n best are the members.</summary>
public sealed class CandidateTests
{
    private static readonly StudySpec Asynchronous = TestStudy.AsynchronousSpec with
    {
        Population = 3,
        Initial = new RandomInitial { Candidates = 6 },
        Trainer = TestStudy.AsynchronousSpec.Trainer with { MaxAttempts = 1 },
    };

    public static TheoryData<StudyMode> Modes => [StudyMode.Asynchronous, StudyMode.Synchronous];

    [Theory]
    [MemberData(nameof(Modes))]
    public void The_best_go_on_and_take_the_places_of_the_weak(StudyMode mode)
    {
        var study = new TestStudy(Asynchronous with { Mode = mode });
        var first = study.State.Members.Select(static m => m.Hyperparameters).ToList();

        // The three best are m4, m1 and m5; m0 and m2 give way to m4 and m5, the better of which comes first.
        double[] scores = [1, 5, 2, 0, 6, 4];
        study.RunRound(member => scores[member]);

        Assert.Equal(new CheckpointId(new(4), 1, study[4].History[0].Attempt), study[0].Start);
        Assert.Equal(new CheckpointId(new(1), 1, study[1].History[0].Attempt), study[1].Start);
        Assert.Equal(new CheckpointId(new(5), 1, study[5].History[0].Attempt), study[2].Start);
        Assert.Equal([first[4], first[1], first[5]], study.State.Members.Take(3).Select(static m => m.Hyperparameters));
        Assert.Equal([new(4), null, new(5)], study.State.Members.Take(3).Select(static m => m.Donor));
        Assert.All(study.State.Members.Take(3), static m => Assert.Equal(MemberPhase.Ready, m.Phase));
        Assert.All(study.State.Members.Skip(3), static m => Assert.Equal(MemberPhase.Retired, m.Phase));
        Assert.False(study.State.AreCandidates);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Nobody_exploits_explores_or_runs_ahead_while_they_are_candidates(StudyMode mode)
    {
        var study = new TestStudy(Asynchronous with
        {
            Mode = mode,
            Initial = new RandomInitial { Candidates = 6, CandidateIntervals = 3 },
            Explore = new PerturbExplore { When = ExploreWhen.Always },
        });
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        Assert.All(study.AllEvents().Select(static e => e.Event).OfType<MemberDecided>(), static e => Assert.Equal(MemberAction.Continue, e.Action));

        var last = Enumerable.Range(0, 6).Select(_ => study.Claim()).ToList();
        foreach (var assignment in last.Take(5))
            study.Complete(assignment, score: 1);

        Assert.IsType<ClaimResult.Wait>(study.TryClaim());
        study.Complete(last[5], score: 1);
        Assert.Equal(4, study.Claim().Interval);
    }

    [Fact]
    public void The_retired_are_neither_claimed_nor_ranked_nor_waited_for_and_their_checkpoints_are_released()
    {
        var study = new TestStudy(Asynchronous with { Compare = ScoreComparison.SameInterval, MaxLead = 1, Checkpoints = new(KeepLast: 2, KeepBest: 1) });
        study.RunRound(static member => member);
        while (!study.State.HasEnded)
            study.RunRound(static member => member);

        Assert.Equal((StudyPhase.Completed, "every member completed 5 intervals"), (study.State.Phase, study.State.EndReason));
        Assert.All(study.State.Members.Skip(3), static m => Assert.Equal((1, MemberPhase.Retired, (CheckpointId?)null), (m.Intervals, m.Phase, m.Start)));
        Assert.DoesNotContain(study.AllEvents().Select(static e => e.Event).OfType<MemberDecided>(), static e => e is { Interval: > 1, Donor.Value: >= 3 });
        Assert.Equal([new(5)], study.State.LiveCheckpoints.Where(static c => c.Member.Value >= 3).Select(static c => c.Member));
    }

    [Fact]
    public void A_failed_candidate_is_not_chosen()
    {
        var study = new TestStudy(Asynchronous);
        RunRound(study, static member => member is 0 or 4 ? null : -member);

        Assert.Equal(new MemberId(3), study[0].Donor);
        Assert.Equal(MemberAction.Exploit, study.LastDecision(0).Action);
        Assert.Equal(MemberPhase.Retired, study[4].Phase);
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Where_too_few_are_left_the_failed_are_rescued(StudyMode mode)
    {
        var study = new TestStudy(Asynchronous with { Mode = mode });
        RunRound(study, static member => member is 1 or 5 ? member : null);

        Assert.Equal((MemberAction.Exploit, new MemberId(5)), (study.LastDecision(0).Action, study[0].Donor));
        Assert.Equal(MemberAction.Continue, study.LastDecision(1).Action);
        Assert.Equal(MemberAction.Rescue, study.LastDecision(2).Action);
        Assert.All(study.State.Members.Take(3), static m => Assert.Equal(MemberPhase.Ready, m.Phase));
    }

    [Fact]
    public void Where_too_few_are_left_and_nobody_copies_the_failed_have_failed()
    {
        var study = new TestStudy(Asynchronous with { Exploit = new NoExploit() });
        RunRound(study, static member => member is 1 or 5 ? member : null);

        Assert.Equal([MemberPhase.Ready, MemberPhase.Ready, MemberPhase.Failed], study.State.Members.Take(3).Select(static m => m.Phase));
        Assert.Equal(new MemberId(5), study[0].Donor);
        while (!study.State.HasEnded)
            study.RunRound(static member => member);

        Assert.Equal((StudyPhase.Completed, "2 of 3 members completed 5 intervals"), (study.State.Phase, study.State.EndReason));
    }

    [Fact]
    public void A_candidate_that_fails_early_trains_on_and_is_judged_by_its_last_interval()
    {
        var study = new TestStudy(Asynchronous with { Initial = new RandomInitial { Candidates = 6, CandidateIntervals = 2 } });
        RunRound(study, static member => member == 0 ? null : member);
        Assert.Equal((MemberPhase.Ready, 1, MemberAction.Continue), (study[0].Phase, study[0].Intervals, study.LastDecision(0).Action));

        RunRound(study, static member => member == 0 ? 100 : member);
        Assert.Equal((MemberAction.Continue, (MemberId?)null), (study.LastDecision(0).Action, study[0].Donor));
    }

    [Theory]
    [MemberData(nameof(Modes))]
    public void Where_all_have_failed_the_study_has_and_resumed_they_try_again(StudyMode mode)
    {
        var study = new TestStudy(Asynchronous with { Mode = mode });
        RunRound(study, static _ => null);
        Assert.Equal(StudyPhase.Failed, study.State.Phase);

        Assert.True(StudyScheduler.Resume(study.Transaction, new MemberDecisions(study.Spec)));
        Assert.True(study.State.AreCandidates);
        study.RunRound(static member => member);
        Assert.Equal([new(5), new(4), new(3)], study.State.Members.Take(3).Select(static m => m.Donor!.Value));
    }

    [Fact]
    public void A_longer_budget_brings_no_candidate_back()
    {
        var study = new TestStudy(Asynchronous);
        while (!study.State.HasEnded)
            study.RunRound(static member => member);

        StudyScheduler.ChangeSpec(study.Transaction, study.Spec with { Budget = new(Intervals: 7) }, ["budget.intervals"]);
        while (!study.State.HasEnded)
            study.RunRound(static member => member);

        Assert.Equal([7, 7, 7, 1, 1, 1], study.State.Members.Select(static m => m.Intervals));
    }

    [Fact]
    public void A_choice_that_was_tampered_with_is_found()
    {
        var study = new TestStudy(Asynchronous);
        study.RunRound(static member => member);
        var verification = new Verification();
        var tampered = study.AllEvents().Single(static r => r.Event is MemberDecided { Member.Value: 1 });
        foreach (var recorded in study.AllEvents())
        {
            verification.Verify(recorded.Version == tampered.Version
                ? recorded with { Event = (MemberDecided)recorded.Event with { Donor = new MemberId(3), Hyperparameters = study[3].Hyperparameters } }
                : recorded);
        }

        Assert.Equal(tampered.Version, Assert.Single(verification.Result.Differences).Version);
    }

    [Fact]
    public void Retired_members_are_no_leaves_of_the_lineage()
    {
        var study = new TestStudy(Asynchronous);
        study.RunRound(static member => member);

        var tree = LineageTree.Of(study.State);
        Assert.Equal([new(3), new(4), new(5)], tree.Roots.Select(static r => r.Id.Member));
        Assert.Empty(tree.Untrained);
    }

    /// <summary>Runs an interval of every ready member; null is a failure.</summary>
    private static void RunRound(TestStudy study, Func<int, double?> score)
    {
        var assignments = new List<Assignment>();
        while (study.TryClaim() is ClaimResult.Claimed { Assignment: var assignment })
            assignments.Add(assignment);

        foreach (var assignment in assignments)
        {
            if (score(assignment.Member.Value) is { } value)
                study.Complete(assignment, value);
            else
                study.Fail(assignment);
        }
    }
}

using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class RecoveryTests
{
    private static readonly StudySpec KeepingSpec = TestStudy.AsynchronousSpec with { Budget = new Budget(Intervals: 50), Checkpoints = new CheckpointPolicy(KeepLast: 3, KeepBest: 1) };

    [Fact]
    public void A_member_goes_on_from_its_newest_intact_ancestor_with_its_own_hyperparameters()
    {
        var study = new TestStudy(KeepingSpec with { Exploit = new NoExploit() });
        for (var round = 0; round < 4; round++)
            study.RunRound(static member => member);

        var hyperparameters = study[0].Hyperparameters;
        var (second, third, fourth) = (study[0].History[1].Checkpoint, study[0].History[2].Checkpoint, study[0].History[3].Checkpoint);
        var first = StartDamaged(study, "'weights' is missing");
        Assert.Equal(fourth, first.CheckpointIn);

        var next = Claimed(study);
        Assert.Equal(new MemberRecovered(new MemberId(0), 4, Donor: null, third, Hyperparameters: null), next.Recovered);
        Assert.Equal((third, 5, first.Seed, hyperparameters), (next.Assignment.CheckpointIn, next.Assignment.Interval, next.Assignment.Seed, next.Assignment.Hyperparameters));

        study.Report(next.Assignment, new AttemptResult.StartDamaged("too"));
        var last = Claimed(study);
        Assert.Equal(second, last.Assignment.CheckpointIn);
        study.Complete(last.Assignment, 1);
        Assert.Equal((second, 30L), (study[0].Latest!.Start, study[0].Latest!.LineageSteps));
        AssertVerifies(study);
    }

    [Fact]
    public void A_member_that_took_a_donors_weights_goes_on_from_the_donors_ancestor()
    {
        var study = new TestStudy(KeepingSpec with { Population = 2, Mode = StudyMode.Synchronous, Exploit = new TruncationExploit(0.5, 0.5), BurnIn = 1 });
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        var (older, newer) = (study[1].History[0].Checkpoint, study[1].History[1].Checkpoint);
        Assert.Equal(newer, study[0].Start);

        var taken = StartDamaged(study, "bad");
        Assert.Equal((new MemberId(0), newer), (taken.Member, taken.CheckpointIn));
        var next = Claimed(study);
        Assert.Equal((new MemberId(0), older, taken.Hyperparameters), (next.Assignment.Member, next.Assignment.CheckpointIn, next.Assignment.Hyperparameters));
        Assert.Equal(new MemberId(1), study[0].Donor);
        AssertVerifies(study);
    }

    [Fact]
    public void A_member_without_an_intact_ancestor_is_rescued_by_one_of_the_top_but_never_by_itself()
    {
        var study = new TestStudy(KeepingSpec with { Exploit = new TruncationExploit(0.25, 0), Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1) });
        for (var round = 0; round < 3; round++)
            study.RunRound(member => 10 + round - member);

        var seed = StartDamaged(study, "bad").Seed;
        var next = Claimed(study);

        Assert.Equal(new MemberId(1), next.Recovered!.Donor);
        Assert.Equal(study[1].Latest!.Checkpoint, next.Assignment.CheckpointIn);
        Assert.NotEqual(study[1].Hyperparameters, next.Assignment.Hyperparameters);
        Assert.Equal(seed, next.Assignment.Seed);
        study.Complete(next.Assignment, 3);
        Assert.Equal(new MemberId(1), study[0].Latest!.Donor);
        AssertVerifies(study);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_member_with_nobody_to_rescue_it_begins_anew(bool exploits)
    {
        var study = new TestStudy(KeepingSpec with
        {
            Population = exploits ? 1 : 3,
            Exploit = exploits ? new TruncationExploit(0.5, 0.5) : new NoExploit(),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
        });
        study.RunRound(static member => -member);
        study.RunRound(static member => -member - 1);
        var best = study.State.Best!.Record.Checkpoint!.Value;
        Assert.Equal(1, best.Interval);
        var hyperparameters = StartDamaged(study, "bad").Hyperparameters;
        Assert.Equal(best, study.Claim().CheckpointIn);

        // What was the best is damaged too: nothing is left.
        study.Report(Running(study), new AttemptResult.StartDamaged("bad"));
        var next = Claimed(study);
        Assert.Equal(new MemberRecovered(new MemberId(0), 2, Donor: null, Checkpoint: null, Hyperparameters: null), next.Recovered);
        Assert.Equal(((CheckpointId?)null, 3, hyperparameters), (next.Assignment.CheckpointIn, next.Assignment.Interval, next.Assignment.Hyperparameters));
        study.Complete(next.Assignment, 1);
        Assert.Equal(10, study[0].Latest!.LineageSteps);
        AssertVerifies(study);
    }

    [Fact]
    public void A_damaged_start_is_no_failure_and_is_recorded_once()
    {
        var study = new TestStudy(KeepingSpec with { Population = 5, Mode = StudyMode.Synchronous, Exploit = new TruncationExploit(0.2, 0.4), BurnIn = 1 });
        study.RunRound(static member => -member);
        study.RunRound(static member => -member);
        var (first, second) = ClaimTwoOfOneStart(study);
        Assert.Equal(first.CheckpointIn, second.CheckpointIn);

        Assert.IsType<ReportResult.Accepted>(study.Report(first, new AttemptResult.StartDamaged("one says")));
        Assert.IsType<ReportResult.Accepted>(study.Report(second, new AttemptResult.StartDamaged("so does the other")));

        Assert.Equal(new CheckpointDamaged(first.CheckpointIn!.Value, "one says"), Assert.Single(study.AllEvents().Select(static e => e.Event).OfType<CheckpointDamaged>()));
        Assert.Equal(2, study.AllEvents().Count(static e => e.Event is AttemptReleased));
        Assert.All(study.State.Members, static m => Assert.Equal(default, m.Failures));
        Assert.IsType<ReportResult.Rejected>(study.Report(first, new AttemptResult.StartDamaged("late")));
        AssertVerifies(study);
    }

    [Fact]
    public void A_damaged_checkpoint_is_neither_live_nor_released_nor_the_best_and_the_next_best_moves_up()
    {
        var study = new TestStudy(KeepingSpec with { Exploit = new NoExploit(), Checkpoints = new CheckpointPolicy(KeepLast: 2, KeepBest: 2) });
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        var best = study.State.Best!.Record.Checkpoint!.Value;
        Assert.Equal(new MemberId(3), best.Member);
        Assignment damaged;
        do
            damaged = study.Claim();
        while (damaged.CheckpointIn != best);
        study.Report(damaged, new AttemptResult.StartDamaged("bad"));

        Assert.True(study.State.IsDamaged(best));
        Assert.False(study.State.IsLive(best));
        Assert.DoesNotContain(best, study.State.LiveCheckpoints);
        Assert.Equal([12, 11], study.State.BestIntervals.Select(static b => b.Record.Score!.Value));
        study.Complete(Claimed(study).Assignment, 0);
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        Assert.DoesNotContain(best, study.State.ReleasedCheckpoints);
        AssertVerifies(study);
    }

    [Theory]
    [InlineData(ScoreComparison.Latest)]
    [InlineData(ScoreComparison.SameInterval)]
    public void A_member_whose_checkpoint_is_damaged_is_no_donor_until_it_has_another(ScoreComparison compare)
    {
        var study = new TestStudy(KeepingSpec with { Population = 3, Exploit = new TruncationExploit(0.4, 0.4), Compare = compare });
        var (slow, strong, weak) = (study.Claim(), study.Claim(), study.Claim());
        study.Complete(strong, 100);
        study.Complete(weak, 50);
        var started = study.Claim(held: strong.Member.Value);
        Assert.Equal(strong.CheckpointOut, started.CheckpointIn);
        study.Report(started, new AttemptResult.StartDamaged("bad"));

        study.Complete(slow, 1);

        Assert.DoesNotContain(Ranking.At(study.State, 1).Entries, e => e.Member == strong.Member);
        Assert.Equal(weak.CheckpointOut, study.LastDecision(slow.Member.Value).Checkpoint);
        study.Complete(study.Claim(held: strong.Member.Value), 100);
        AssertVerifies(study);
    }

    [Fact]
    public void An_attempt_that_had_begun_from_it_before_is_counted_as_ever()
    {
        var study = new TestStudy(KeepingSpec with { Population = 5, Mode = StudyMode.Synchronous, Exploit = new TruncationExploit(0.2, 0.4), BurnIn = 1 });
        study.RunRound(static member => -member);
        study.RunRound(static member => -member);
        var (first, second) = ClaimTwoOfOneStart(study);
        study.Report(first, new AttemptResult.StartDamaged("bad"));

        Assert.IsType<ReportResult.Accepted>(study.Complete(second, 5));
        Assert.Equal(second.CheckpointIn, study[second.Member.Value].Latest!.Start);
        Assert.Equal(30, study[second.Member.Value].Latest!.LineageSteps);
    }

    [Fact]
    public void A_repaired_log_has_no_workers_and_never_uses_an_attempt_number_again()
    {
        var study = new TestStudy(KeepingSpec);
        var running = study.Claim();
        study.Transaction.Add(new LogRepaired(7, new AttemptId(41), "line 9"));

        Assert.Empty(study.State.Workers);
        Assert.Empty(study.State.Attempts);
        Assert.IsType<ReportResult.Rejected>(study.Complete(running, 1));
        Assert.IsType<ClaimResult.Fenced>(study.TryClaim());
        study.Join(TestStudy.Worker);
        var again = study.Claim();
        Assert.Equal((new AttemptId(41), running.Member, running.Seed), (again.Attempt, again.Member, again.Seed));
        AssertVerifies(study);
    }

    [Theory]
    [InlineData(StudyMode.Synchronous, ScoreComparison.Latest)]
    [InlineData(StudyMode.Asynchronous, ScoreComparison.Latest)]
    [InlineData(StudyMode.Asynchronous, ScoreComparison.SameInterval)]
    public void Whatever_is_damaged_no_decision_names_it_and_the_study_comes_to_its_end(StudyMode mode, ScoreComparison compare)
    {
        for (var seed = 0; seed < 60; seed++)
        {
            var random = new Random(seed);
            var study = new TestStudy(TestStudy.AsynchronousSpec with
            {
                Seed = (ulong)seed,
                Population = random.Next(1, 7),
                Mode = mode,
                Compare = compare,
                Budget = new Budget(Intervals: 12),
                Exploit = random.Next(4) == 0 ? new NoExploit() : new TruncationExploit(0.3, 0.4),
                Checkpoints = new CheckpointPolicy(KeepLast: random.Next(1, 4), KeepBest: random.Next(0, 4)),
            });
            RunDamaging(study, random);

            Assert.True(study.State.Phase == StudyPhase.Completed, $"seed {seed}: {study.State.Phase}, {study.State.EndReason}");
            AssertVerifies(study);
        }
    }

    /// <summary>Runs to the end with up to three attempts at once, each of which may find its start damaged.</summary>
    private static void RunDamaging(TestStudy study, Random random)
    {
        var running = new List<Assignment>();
        while (!study.State.HasEnded)
        {
            if (running.Count < 3 && study.TryClaim() is ClaimResult.Claimed { Assignment: var claimed })
            {
                Assert.False(study.State.IsDamaged(claimed.CheckpointIn));
                running.Add(claimed);
                continue;
            }

            var ended = running[random.Next(running.Count)];
            running.Remove(ended);
            var events = study.Transaction.Events.Count;
            var known = study.State.DamagedCheckpoints.Keys.ToHashSet();
            if (ended.CheckpointIn is not null && random.Next(3) == 0)
                study.Report(ended, new AttemptResult.StartDamaged("bad"));
            else if (random.Next(12) == 0)
                study.Fail(ended);
            else
                study.Complete(ended, random.NextDouble());

            Assert.DoesNotContain(study.State.BestIntervals, best => study.State.IsDamaged(best.Record.Checkpoint));
            Assert.DoesNotContain(
                study.Transaction.Events.Skip(events).Select(static e => e.Event).OfType<MemberDecided>(),
                decided => decided.Checkpoint is { } named && known.Contains(named));
        }
    }

    private static (Assignment First, Assignment Second) ClaimTwoOfOneStart(TestStudy study)
    {
        var claimed = Enumerable.Range(0, study.Spec.Population).Select(_ => study.Claim()).ToList();
        var same = claimed.GroupBy(static c => c.CheckpointIn).First(static group => group.Count() > 1).ToList();
        return (same[0], same[1]);
    }

    private static Assignment StartDamaged(TestStudy study, string reason)
    {
        var assignment = study.Claim(held: 0);
        study.Report(assignment, new AttemptResult.StartDamaged(reason));
        return assignment;
    }

    private static ClaimResult.Claimed Claimed(TestStudy study) => Assert.IsType<ClaimResult.Claimed>(study.TryClaim(held: 0));

    private static Assignment Running(TestStudy study)
    {
        var attempt = Assert.Single(study.State.Attempts);
        return new Assignment(attempt.Id, attempt.Member, attempt.Interval, study.State[attempt.Member].Hyperparameters, attempt.CheckpointIn, attempt.Seed);
    }

    private static void AssertVerifies(TestStudy study)
    {
        var verification = new Verification();
        foreach (var recorded in study.AllEvents())
            verification.Verify(recorded);

        Assert.Empty(verification.Result.Differences);
    }
}

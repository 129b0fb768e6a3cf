using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class FailureTests
{
    [Fact]
    public void A_member_whose_attempts_are_exhausted_is_rescued_by_a_donor()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var all = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
        study.Complete(all[1], 5);
        study.Complete(all[2], 1);
        study.Complete(all[3], 1);
        Exhaust(study, all[0]);

        var rescue = study.LastDecision(0);
        Assert.Equal(MemberAction.Rescue, rescue.Action);
        Assert.Equal(new MemberId(1), rescue.Donor);
        Assert.Equal(study[1].Latest!.Checkpoint, study[0].Start);
        Assert.Equal(MemberPhase.Ready, study[0].Phase);
        Assert.Equal(1, study.State.FailedIntervals);
    }

    [Fact]
    public void A_failed_member_waits_for_a_donor_when_nobody_has_completed_yet()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 2 });
        var all = Enumerable.Range(0, 2).Select(_ => study.Claim()).ToList();
        Exhaust(study, all[0]);
        Assert.Equal(MemberPhase.Undecided, study[0].Phase);
        study.Complete(all[1], 1);
        Assert.Equal(MemberAction.Rescue, study.LastDecision(0).Action);
    }

    [Fact]
    public void A_failed_member_neither_donates_nor_shifts_a_ranking()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        study.RunRound(static member => member == 3 ? 100 : member);
        var second = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
        Exhaust(study, second[3]);
        foreach (var assignment in second.Take(3))
            study.Complete(assignment, assignment.Member.Value);

        var donors = study.State.Members.Select(m => m.Donor).OfType<MemberId>();
        Assert.DoesNotContain(new MemberId(3), donors);
        Assert.Equal(MemberAction.Rescue, study.LastDecision(3).Action);
        Assert.Equal(new MemberId(2), study[0].Donor);
    }

    [Fact]
    public void In_synchronous_mode_a_failed_member_does_not_block_its_generation()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        var all = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
        foreach (var assignment in all.Skip(1))
            study.Complete(assignment, 1);

        Exhaust(study, all[0]);
        Assert.All(study.State.Members, static m => Assert.Equal(MemberPhase.Ready, m.Phase));
    }

    [Fact]
    public void Without_an_exploit_a_failed_member_stays_failed_and_the_others_go_on()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Exploit = new NoExploit() });
        Exhaust(study, study.Claim());
        Assert.Equal(MemberPhase.Failed, study[0].Phase);
        for (var round = 0; round < 5; round++)
            study.RunRound(static _ => 1);

        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }

    [Fact]
    public void The_study_fails_with_the_reason_when_nothing_can_make_progress()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 2 });
        Exhaust(study, study.Claim());
        Exhaust(study, study.Claim(), "no such module");
        Assert.Equal(StudyPhase.Failed, study.State.Phase);
        Assert.Contains("no such module", study.State.EndReason, StringComparison.Ordinal);
        Assert.IsType<ClaimResult.Ended>(study.TryClaim());
    }

    [Fact]
    public void A_failed_study_that_is_resumed_gives_its_failed_intervals_new_attempts()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 2 });
        var first = study.Claim();
        Exhaust(study, first);
        Exhaust(study, study.Claim());
        Assert.True(StudyScheduler.Resume(study.Transaction, new MemberDecisions(study.Spec)));
        var retry = study.Claim();
        Assert.Equal((0, 1), (retry.Member.Value, retry.Interval));
        Assert.NotEqual(first.Seed, retry.Seed);
        Assert.Equal(0, study.State.FailedIntervals);
    }

    [Fact]
    public void A_score_that_failed_members_had_before_is_not_ranked_until_they_complete_again()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        study.RunRound(static member => member == 0 ? 100 : member);
        var all = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
        Exhaust(study, all.Single(a => a.Member.Value == 0));
        Assert.NotNull(study[0].Latest);
        Assert.False(study[0].IsRanked);
    }

    private static void Exhaust(TestStudy study, Assignment first, string reason = "boom")
    {
        study.Fail(first, reason);
        for (var attempt = 2; attempt <= study.Spec.Trainer.MaxAttempts; attempt++)
        {
            var retry = study.Claim();
            Assert.Equal((first.Member, first.Interval), (retry.Member, retry.Interval));
            study.Fail(retry, reason);
        }
    }

    [Fact]
    public void An_attempt_that_was_killed_from_outside_is_repeated_with_the_same_seed_and_does_not_use_up_attempts()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        var first = study.Claim();
        Kill(study, first);
        for (var attempt = 1; attempt < study.Spec.Trainer.MaxAttempts; attempt++)
            study.Fail(study.Claim(first.Member.Value));

        Kill(study, study.Claim(first.Member.Value));
        Assert.Equal(0, study.State.FailedIntervals);
        Assert.Equal(new FailureCount(Own: 2, Killed: 2), study[0].Failures);
    }

    [Fact]
    public void A_trainer_killed_again_and_again_fails_its_interval_in_the_end()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        var seed = -1;
        for (var kill = 1; kill <= FailureCount.MaxKills; kill++)
        {
            var attempt = study.Claim();
            Assert.Equal(seed < 0 ? attempt.Seed : seed, attempt.Seed);
            seed = attempt.Seed;
            Kill(study, attempt);
        }

        Assert.Equal(1, study.State.FailedIntervals);
    }

    private static void Kill(TestStudy study, Assignment attempt) =>
        study.Report(attempt, new AttemptResult.Failed(FailureKind.Killed, "killed by signal 9", LogTail: null));
}

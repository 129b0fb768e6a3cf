using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class ClaimTests
{
    [Fact]
    public void The_member_furthest_behind_is_claimed_first()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        Assert.Equal([0, 1, 2, 3], Enumerable.Range(0, 4).Select(_ => study.Claim().Member.Value));
        Assert.IsType<ClaimResult.Wait>(study.TryClaim());
    }

    [Fact]
    public void The_held_member_is_preferred_only_among_those_equally_far_behind()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        Assert.Equal(2, study.Claim(held: 2).Member.Value);
        study.Complete(study.Claim(held: 3), 1);
        Assert.Equal(0, study.Claim(held: 3).Member.Value);
    }

    [Fact]
    public void A_worker_that_counts_as_lost_is_fenced()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        StudyScheduler.Lose(study.Transaction, TestStudy.Worker, "silent");
        Assert.IsType<ClaimResult.Fenced>(study.TryClaim());
    }

    [Fact]
    public void A_claim_that_its_worker_does_not_know_of_is_handed_to_it_once_more()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var known = study.Claim();
        var unknown = study.Claim();
        var version = study.State.Version;

        var again = Assert.IsType<ClaimResult.Claimed>(StudyScheduler.Claim(study.Transaction, TestStudy.Worker, held: null, [known.Attempt]));

        Assert.Equal(unknown, again.Assignment);
        Assert.Equal(version, study.State.Version);
        Assert.NotEqual(unknown, Assert.IsType<ClaimResult.Claimed>(StudyScheduler.Claim(study.Transaction, TestStudy.Worker, held: null, [known.Attempt, unknown.Attempt])).Assignment);
    }

    [Fact]
    public void A_completion_that_is_reported_again_is_accepted_and_counts_once()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var assignment = study.Claim();
        study.Complete(assignment, 1);
        study.Complete(study.Claim(held: 0), 2);
        var version = study.State.Version;

        Assert.IsType<ReportResult.Accepted>(study.Complete(assignment, 7));

        Assert.Equal(version, study.State.Version);
        Assert.Equal(1, study[0].History[0].Score);
        Assert.Equal(2, study.State.CompletedIntervals);
    }

    [Fact]
    public void Nothing_is_claimed_while_the_study_is_paused()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        Assert.True(StudyScheduler.Pause(study.Transaction));
        Assert.IsType<ClaimResult.Wait>(study.TryClaim());
        Assert.True(StudyScheduler.Resume(study.Transaction, new MemberDecisions(study.Spec)));
        study.Claim();
    }

    [Fact]
    public void A_member_is_not_claimed_beyond_the_lead_it_may_have()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 2, MaxLead = 1, Exploit = new NoExploit() });
        var slow = study.Claim();
        study.Complete(study.Claim(), 1);
        Assert.IsType<ClaimResult.Wait>(study.TryClaim());
        study.Complete(slow, 1);
        Assert.Equal(2, study.Claim().Interval);
    }

    [Fact]
    public void In_synchronous_mode_nobody_starts_the_next_interval_before_all_have_ended_this_one()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        var all = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
        foreach (var assignment in all.Take(3))
        {
            study.Complete(assignment, assignment.Member.Value);
            Assert.IsType<ClaimResult.Wait>(study.TryClaim());
        }

        study.Complete(all[3], 3);
        Assert.Equal(2, study.Claim().Interval);
    }

    [Fact]
    public void An_attempt_lost_with_its_worker_is_repeated_with_the_same_seed_and_start()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var lost = study.Claim();
        StudyScheduler.Lose(study.Transaction, TestStudy.Worker, "killed");
        var other = new WorkerId("w2");
        study.Join(other);
        var repeated = study.Claim(worker: other);
        Assert.Equal((lost.Member, lost.Interval, lost.Seed, lost.CheckpointIn), (repeated.Member, repeated.Interval, repeated.Seed, repeated.CheckpointIn));
        Assert.NotEqual(lost.Attempt, repeated.Attempt);
        Assert.IsType<ReportResult.Rejected>(study.Complete(lost, 1));
        Assert.IsType<ReportResult.Accepted>(study.Complete(repeated, 1, other));
    }

    [Fact]
    public void An_attempt_given_back_is_repeated_with_the_same_seed_and_does_not_count_as_a_failure()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var given = study.Claim();
        study.Report(given, new AttemptResult.Released("interrupted"));
        Assert.Equal(given.Seed, study.Claim().Seed);
        Assert.Equal(0, study[0].Failures.Total);
    }

    [Fact]
    public void A_retry_after_the_trainers_own_failure_has_a_new_seed_and_the_same_start()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        var first = study.Claim();
        study.Fail(first);
        var retry = study.Claim();
        Assert.Equal((first.Member, first.Interval, first.CheckpointIn), (retry.Member, retry.Interval, retry.CheckpointIn));
        Assert.NotEqual(first.Seed, retry.Seed);
    }

    [Fact]
    public void A_completion_by_another_worker_is_rejected()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        study.Join(new WorkerId("w2"));
        var assignment = study.Claim();
        Assert.IsType<ReportResult.Rejected>(study.Complete(assignment, 1, new WorkerId("w2")));
        Assert.NotNull(study[0].Running);
    }
}

using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population;

public sealed class CheckpointLivenessTests
{
    [Fact]
    public void The_last_of_each_member_and_the_best_of_the_study_are_kept()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Exploit = new NoExploit(),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
        });
        for (var round = 0; round < 5; round++)
            study.RunRound(member => (round == 0 ? 100 : 0) + member);

        var best = study.State.Best!;
        Assert.Equal((new MemberId(3), 1), (best.Member, best.Record.Interval));
        Assert.True(study.State.IsLive(best.Record.Checkpoint!.Value));
        Assert.All(study.State.Members, m => Assert.True(study.State.IsLive(m.Latest!.Checkpoint!.Value)));
        Assert.Equal(5, study.State.LiveCheckpoints.Count);
        Assert.Equal(15, study.State.ReleasedCheckpoints.Count);
    }

    [Fact]
    public void The_start_of_a_running_attempt_is_kept_though_its_producer_has_moved_on()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Population = 2,
            Exploit = new TruncationExploit(0.5, 0.5),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
        });
        var first = study.Claim();
        var second = study.Claim();
        study.Complete(first, 10);
        study.Complete(second, 1);
        var donated = study[0].Latest!.Checkpoint!.Value;
        var inheriting = study.Claim(held: 1);
        Assert.Equal(donated, inheriting.CheckpointIn);
        study.Complete(study.Claim(), 20);
        study.Complete(study.Claim(), 30);
        Assert.True(study.State.IsLive(donated));
        study.Complete(inheriting, 5);
        Assert.False(study.State.IsLive(donated));
        Assert.Contains(donated, study.State.ReleasedCheckpoints);
    }

    [Fact]
    public void Every_few_intervals_one_of_each_member_is_kept_for_good()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Exploit = new NoExploit(),
            Budget = new(Intervals: 9),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 4),
        });
        for (var round = 0; round < 9; round++)
            study.RunRound(member => round + member);

        Assert.Equal([4, 8, 9], study.State.LiveCheckpoints.Where(static c => c.Member.Value == 2).Select(static c => c.Interval).Order());
    }

    [Theory]
    [InlineData(StudyMode.Synchronous)]
    [InlineData(StudyMode.Asynchronous)]
    public void An_interval_that_is_kept_can_be_forked_from_whatever_the_donors_were(StudyMode mode)
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Mode = mode,
            Population = 6,
            Exploit = new BinaryTournamentExploit(),
            Budget = new(Intervals: 30),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 3),
        });
        for (var i = 0; !study.State.HasEnded; i++)
        {
            // Members are at different intervals: one of them stays behind now and then.
            var assignment = study.Claim();
            if (mode == StudyMode.Asynchronous && i % 7 == 0 && study.TryClaim() is ClaimResult.Claimed { Assignment: var other })
                study.Complete(other, (i * 13) % 11);

            study.Complete(assignment, (i * 5) % 17);
        }

        Assert.Subset(ForkPoint.Available(study.State).ToHashSet(), Enumerable.Range(1, 10).Select(static k => 3 * k).ToHashSet());
        Assert.Contains(study.AllEvents(), static e => e.Event is MemberDecided { Checkpoint: not null });
    }

    [Fact]
    public void What_only_the_old_spec_kept_is_released_and_what_the_new_one_keeps_stays()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Exploit = new NoExploit(),
            Budget = new(Intervals: 12),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 2),
        });
        for (var round = 0; round < 6; round++)
            study.RunRound(member => round + member);

        StudyScheduler.ChangeSpec(study.Transaction, study.Spec with { Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 4) }, []);
        Assert.Equal([4, 6], Live(study));

        StudyScheduler.ChangeSpec(study.Transaction, study.Spec with { Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 1) }, []);
        study.RunRound(static member => member);
        Assert.Equal([4, 6, 7], Live(study));

        static IEnumerable<int> Live(TestStudy study) => study.State.LiveCheckpoints.Where(static c => c.Member.Value == 0).Select(static c => c.Interval).Order();
    }

    [Fact]
    public void What_was_released_is_never_needed_again()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 8, Exploit = new BinaryTournamentExploit() });
        while (!study.State.HasEnded)
        {
            study.RunRound(member => study[member].Hyperparameters["lr"].Number);
            Assert.Empty(study.State.ReleasedCheckpoints.Intersect(study.State.LiveCheckpoints));
        }

        Assert.Equal(study.State.ReleasedCheckpoints.Count, study.State.ReleasedCheckpoints.Distinct().Count());
        Assert.Equal(40, study.State.ReleasedCheckpoints.Count + study.State.LiveCheckpoints.Count);
    }
}

using Pbt.Core.Population;
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

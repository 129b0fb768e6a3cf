using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population;

public sealed class ScoreSmoothingTests
{
    [Fact]
    public void Without_smoothing_a_score_stands_for_itself()
    {
        var study = Study(new NoSmoothing());
        study.RunRound(static member => member);

        Assert.All(study.State.Members, static m => Assert.Equal((null, m.Latest!.Score), (m.Latest.Smoothed, m.Latest.ComparedScore)));
    }

    [Fact]
    public void The_mean_is_of_the_last_scores()
    {
        var study = Study(new MeanSmoothing(3));
        double[] scores = [4, 8, 3, 1];
        foreach (var score in scores)
            study.RunRound(_ => score);

        Assert.Equal([4, 6, 5, 4], study[0].History.Select(static r => r.Smoothed!.Value));
    }

    [Fact]
    public void The_exponential_takes_its_part_of_the_newest_score()
    {
        var study = Study(new ExponentialSmoothing(0.25));
        double[] scores = [4, 8, 1];
        foreach (var score in scores)
            study.RunRound(_ => score);

        Assert.Equal([4, 5, 4], study[0].History.Select(static r => r.Smoothed!.Value));
    }

    [Fact]
    public void Smoothing_follows_the_weights_and_not_the_member()
    {
        // m0 is the worst and copies the best of four, m3, whose scores go on as its own.
        var study = Study(new MeanSmoothing(2), new TruncationExploit(0.25, 0.25));
        study.RunRound(static member => 10 * member);
        Assert.Equal(new MemberId(3), study[0].Donor);

        study.RunRound(static _ => 50);
        Assert.Equal([40, 30, 35, 40], study.State.Members.Select(static m => m.Latest!.Smoothed!.Value));
    }

    [Fact]
    public void Who_inherits_no_weights_keeps_its_own_scores()
    {
        var study = Study(new MeanSmoothing(2), new TruncationExploit(0.25, 0.25) { Inherit = Inheritance.Hyperparameters });
        study.RunRound(static member => 10 * member);
        study.RunRound(static _ => 50);

        Assert.Equal(25, study[0].Latest!.Smoothed);
    }

    [Fact]
    public void A_failed_interval_leaves_the_smoothing_as_it_was()
    {
        var study = Study(new MeanSmoothing(2), spec: TestStudy.AsynchronousSpec with { Population = 2, Trainer = TestStudy.AsynchronousSpec.Trainer with { MaxAttempts = 1 } });
        study.RunRound(static _ => 4);
        var failed = study.Claim();
        study.Fail(failed);
        study.RunRound(static _ => 8);

        Assert.Equal(6, study[1].Latest!.Smoothed);
        Assert.Equal((null, null), (study[0].History[1].Score, study[0].History[1].Smoothed));
    }

    [Fact]
    public void Ranking_the_best_and_the_budget_go_by_the_smoothed_score()
    {
        var study = Study(new MeanSmoothing(4), spec: TestStudy.AsynchronousSpec with { Budget = new(Intervals: 9, Score: 60) });
        study.RunRound(static member => member == 0 ? 0 : 30);
        study.RunRound(static member => member == 0 ? 100 : 58);

        // m0 has 50 and had 100; the others have 44 and 58.
        Assert.Equal((new(0), 50.0), (study.State.Best!.Member, study.State.Best.Record.ComparedScore!.Value));
        Assert.Equal(50, Ranking.Latest(study.State).Find(new(0))!.Value.Fitness);
        Assert.False(study.State.HasEnded);

        study.RunRound(static _ => 80);
        Assert.Equal("the score 60 reaches the budget's 60", study.State.EndReason);
    }

    [Theory]
    [InlineData(double.MaxValue, double.MaxValue)]
    [InlineData(-double.MaxValue, double.MaxValue)]
    public void Scores_of_any_size_smooth_to_a_finite_number(double first, double second)
    {
        foreach (SmoothingSpec smoothing in new SmoothingSpec[] { new MeanSmoothing(5), new ExponentialSmoothing(0.3) })
        {
            var study = Study(smoothing);
            study.RunRound(_ => first);
            study.RunRound(_ => second);
            Assert.True(double.IsFinite(study[0].Latest!.Smoothed!.Value));
        }
    }

    private static TestStudy Study(SmoothingSpec smoothing, ExploitSpec? exploit = null, StudySpec? spec = null)
    {
        var own = spec ?? TestStudy.SynchronousSpec;
        return new(own with { Objective = own.Objective with { Smoothing = smoothing }, Exploit = exploit ?? new NoExploit() });
    }
}

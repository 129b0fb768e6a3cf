using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Explore.Bandits;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class BanditHistoryTests
{
    private static readonly StudySpec Spec = TestStudy.SynchronousSpec with { Explore = new PerturbExplore() };

    [Fact]
    public void The_first_interval_has_no_score_before_it_and_is_no_row()
    {
        var study = new TestStudy(Spec);
        study.RunRound(static member => member);
        Assert.Empty(History(study, 1).Rows);
    }

    [Fact]
    public void A_row_begins_with_the_score_of_the_checkpoint_that_was_started_from()
    {
        var study = new TestStudy(Spec);
        study.RunRound(static member => 10 * member);
        study.RunRound(static member => 100 + member);

        // m0 is last of four, so it went on from the best one's checkpoint.
        var rows = History(study, 1).Rows;
        Assert.Equal([30, 10, 20, 30], rows.Select(static r => r.Before));
        Assert.Equal([100, 101, 102, 103], rows.Select(static r => r.After));
        Assert.All(rows, static r => Assert.Equal((2, 1, 1), (r.Interval, r.Time, r.Length)));
        Assert.Equal(study[0].History[1].Hyperparameters, rows[0].Hyperparameters);
    }

    [Fact]
    public void A_failed_interval_is_no_row_and_its_rescue_is_one()
    {
        var study = new TestStudy(Spec with { Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 } });
        study.RunRound(static member => member);
        for (var member = 0; member < 4; member++)
        {
            var assignment = study.Claim();
            if (assignment.Member.Value == 1)
                study.Fail(assignment);
            else
                study.Complete(assignment, 10 + assignment.Member.Value);
        }

        Assert.Equal(3, History(study, 2).Rows.Length);
        study.RunRound(static member => 20 + member);
        var rescued = History(study, 2).Rows.Single(static r => r is { Interval: 3, After: 21 });
        Assert.Equal(study[1].History[2].Donor!.Value.Value + 10, rescued.Before);
    }

    [Fact]
    public void Lower_scores_are_better_when_the_goal_is_to_minimise()
    {
        var study = new TestStudy(Spec with { Objective = new("loss", Goal.Minimize) });
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        Assert.All(History(study, 1).Rows, static r => Assert.True(r.After < 0));
    }

    [Fact]
    public void Those_who_have_their_hyperparameters_and_train_are_pending()
    {
        var study = new TestStudy(Spec with { Mode = StudyMode.Asynchronous });
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        var pending = History(study, 1).Pending;
        Assert.Equal(3, pending.Length);
        Assert.Contains(pending, r => r.Hyperparameters.Equals(study[0].Hyperparameters) && r.Before == study.State.Find(study[0].Start!.Value)!.Score);
        Assert.All(pending, static r => Assert.Equal(2, r.Time));
    }

    [Fact]
    public void What_is_asked_for_begins_with_the_checkpoint_that_the_interval_starts_from()
    {
        var study = new TestStudy(Spec);
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        Assert.Equal(11, History(study, 1).Target!.Value.Before);
        Assert.Equal(13, History(study, 1, donor: 3).Target!.Value.Before);
    }

    [Theory]
    [InlineData(Inheritance.WeightsAndHyperparameters, 3)]
    [InlineData(Inheritance.Weights, 3)]
    [InlineData(Inheritance.Hyperparameters, 0)]
    public void A_member_starts_from_its_own_checkpoint_unless_it_inherits_weights(Inheritance inherit, int owner)
    {
        var spec = Spec with { Exploit = Spec.Exploit with { Inherit = inherit }, Explore = new Pb2Explore() };
        var study = new TestStudy(spec);
        study.RunRound(static member => member);
        var explore = new MemberDecisions(spec).Open(study.State, study[0], Ranking.Latest(study.State))!.Explore!;
        Assert.Equal(new MemberId(owner), explore.Start!.Value.Member);
    }

    [Fact]
    public void Where_intervals_are_measured_in_seconds_they_are_counted()
    {
        var study = new TestStudy(Spec with { Interval = new(null, 30) });
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        Assert.All(History(study, 1).Rows, static r => Assert.Equal((1, 1), (r.Time, r.Length)));
        Assert.Equal(2, History(study, 1).Target!.Value.Time);
    }

    [Fact]
    public void The_last_thousand_rows_are_kept_in_the_order_of_intervals_and_members()
    {
        var study = new TestStudy(Spec with { Budget = new(Intervals: 400) });
        for (var i = 0; i < 300; i++)
            study.RunRound(member => (1000 * i) + member);

        var rows = History(study, 1).Rows;
        Assert.Equal(1000, rows.Length);
        Assert.Equal(Enumerable.Range(51, 250).SelectMany(static i => Enumerable.Range(0, 4).Select(m => (1000.0 * (i - 1)) + m)), rows.Select(static r => r.After));
    }

    private static BanditHistory History(TestStudy study, int member, int? donor = null)
    {
        var from = donor is { } d ? Ranking.Latest(study.State).Find(new MemberId(d)) : null;
        var context = new ExploreContext(study.State, study[member], study[member].Hyperparameters, from, new RandomStream(0, 0, 0, RandomPurpose.Explore));
        return BanditHistory.Of(from is { Record.Checkpoint: var start } ? context with { Start = start } : context);
    }
}

using Pbt.Core.Comparisons;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Comparisons;

public sealed class RunOutcomeTests
{
    private static readonly StudySpec Spec = TestStudy.SynchronousSpec with { Budget = new Budget(Intervals: 3) };

    [Fact]
    public void The_final_score_is_of_the_last_interval_and_the_best_of_any()
    {
        var study = new TestStudy(Spec);
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        study.RunRound(static member => 5 + member);

        var outcome = RunOutcome.Of(study.State);

        Assert.Equal((11UL, 8.0, 13.0, 120L), (outcome.Seed, outcome.Final, outcome.Best, outcome.Steps));
        Assert.Equal((8.0, 13.0), (outcome.Score(Measure.Final), outcome.Score(Measure.Best)));
        Assert.Equal<CurvePoint>([new(1, 3, 3), new(2, 13, 13), new(3, 8, 13)], outcome.Curve);
    }

    [Fact]
    public void Where_low_is_good_the_lowest_is_the_best()
    {
        var study = new TestStudy(Spec with { Objective = new Objective("loss", Goal.Minimize) });
        study.RunRound(static member => 5 + member);
        study.RunRound(static member => 2 + member);
        study.RunRound(static member => 3 + member);

        var outcome = RunOutcome.Of(study.State);

        Assert.Equal((3.0, 2.0), (outcome.Final, outcome.Best));
        Assert.Equal<CurvePoint>([new(1, 5, 5), new(2, 2, 2), new(3, 3, 2)], outcome.Curve);
    }

    [Fact]
    public void A_failed_interval_has_no_part_in_it()
    {
        var study = new TestStudy(Spec with { Population = 2, Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 } });
        for (var round = 1; round <= 3; round++)
        {
            var (first, second) = (study.Claim(), study.Claim());
            study.Complete(first, round);
            study.Fail(second);
        }

        var outcome = RunOutcome.Of(study.State);

        Assert.Equal((3.0, 30L), (outcome.Final, outcome.Steps));
        Assert.Equal<CurvePoint>([new(1, 1, 1), new(2, 2, 2), new(3, 3, 3)], outcome.Curve);
    }

    [Fact]
    public void A_study_that_has_not_come_to_its_end_has_no_outcome()
    {
        Assert.Equal("it was never created", RunOutcome.Objection(new StudyState()));
        var study = new TestStudy(Spec);
        study.RunRound(static member => member);
        Assert.Equal("it has not ended", RunOutcome.Objection(study.State));
        Assert.Throws<ArgumentException>(() => RunOutcome.Of(study.State));
        StudyScheduler.Stop(study.Transaction);
        Assert.Equal("it was stopped before its budget was used up", RunOutcome.Objection(study.State));
    }

    [Fact]
    public void A_failed_study_has_no_outcome_but_a_reason()
    {
        var study = new TestStudy(Spec with { Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 } });
        while (study.TryClaim() is ClaimResult.Claimed { Assignment: var assignment })
            study.Fail(assignment, "boom");

        Assert.StartsWith("it failed: no member can make progress", RunOutcome.Objection(study.State), StringComparison.Ordinal);
    }
}

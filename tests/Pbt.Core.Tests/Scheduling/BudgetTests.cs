using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class BudgetTests
{
    [Fact]
    public void The_study_completes_when_every_member_has_its_intervals()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec);
        for (var round = 0; round < 5; round++)
            study.RunRound(static member => member);

        Assert.Equal(StudyPhase.Completed, study.State.Phase);
        Assert.Equal(20, study.State.CompletedIntervals);
    }

    [Fact]
    public void The_study_completes_when_a_member_reaches_the_score()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Budget = new Budget(Intervals: 5, Score: 10) });
        var running = study.Claim();
        study.Complete(study.Claim(), 10);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
        Assert.IsType<ReportResult.Rejected>(study.Complete(running, 11));
    }

    [Fact]
    public void In_synchronous_mode_the_score_counts_when_its_generation_has_ended()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Budget = new Budget(Score: 10) });
        study.Complete(study.Claim(), 10);
        Assert.False(study.State.HasEnded);
        study.RunRound(static _ => 1);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }

    [Fact]
    public void The_study_completes_when_all_members_together_took_the_steps()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Budget = new Budget(TotalSteps: 30) });
        study.Complete(study.Claim(), 1);
        study.Complete(study.Claim(), 1);
        Assert.False(study.State.HasEnded);
        study.Complete(study.Claim(), 1);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }

    [Fact]
    public void The_wall_clock_counts_only_while_attempts_run()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Budget = new Budget(WallClock: TimeSpan.FromMinutes(10)) });
        var attempt = study.Claim();
        study.At(TimeSpan.FromMinutes(6));
        study.Report(attempt, new AttemptResult.Released("interrupted"));
        study.At(TimeSpan.FromHours(30));
        StudyScheduler.EndIfOutOfTime(study.Transaction);
        Assert.False(study.State.HasEnded);
        study.Claim();
        study.At(TimeSpan.FromHours(30) + TimeSpan.FromMinutes(3));
        StudyScheduler.EndIfOutOfTime(study.Transaction);
        Assert.False(study.State.HasEnded);
        study.At(TimeSpan.FromHours(30) + TimeSpan.FromMinutes(4));
        StudyScheduler.EndIfOutOfTime(study.Transaction);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }

    [Fact]
    public void An_extended_synchronous_study_equals_one_that_had_the_larger_budget_from_the_start()
    {
        static void Run(TestStudy study)
        {
            while (!study.State.HasEnded)
                study.RunRound(member => study[member].Hyperparameters["lr"].Number + member);
        }

        var larger = new TestStudy(TestStudy.SynchronousSpec with { Budget = new Budget(Intervals: 8) });
        Run(larger);

        var extended = new TestStudy(TestStudy.SynchronousSpec);
        Run(extended);
        StudyScheduler.ChangeSpec(extended.Transaction, larger.Spec, ["budget.intervals"]);
        Run(extended);
        Assert.Equal(OutcomeDigest.Of(larger.State), OutcomeDigest.Of(extended.State));
    }

    [Fact]
    public void A_budget_shortened_below_what_is_done_ends_the_study()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        StudyScheduler.ChangeSpec(study.Transaction, study.Spec with { Budget = new Budget(Intervals: 1) }, ["budget.intervals"]);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
    }
}

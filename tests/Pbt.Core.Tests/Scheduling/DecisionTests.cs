using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class DecisionTests
{
    [Fact]
    public void The_worst_inherits_weights_and_hyperparameters_of_the_best_and_explores()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        study.RunRound(static member => member);
        var decision = study.LastDecision(0);
        Assert.Equal((MemberAction.Exploit, new MemberId(3)), (decision.Action, decision.Donor!.Value));
        Assert.Equal(study[3].Latest!.Checkpoint, study[0].Start);
        Assert.NotEqual(study[3].Hyperparameters, study[0].Hyperparameters);
        Assert.True(study.Spec.Hyperparameters.Contains(study[0].Hyperparameters));
    }

    [Fact]
    public void Inheriting_weights_only_explores_from_the_members_own_hyperparameters()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with
        {
            Exploit = new TruncationExploit(0.25, 0.25) { Inherit = Inheritance.Weights },
            Explore = new NoExplore(),
        });
        var own = study[0].Hyperparameters;
        study.RunRound(static member => member);
        Assert.Equal(own, study[0].Hyperparameters);
        Assert.Equal(new MemberId(3), study[0].Start!.Value.Member);
    }

    [Fact]
    public void Inheriting_hyperparameters_only_keeps_the_members_own_weights()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with
        {
            Exploit = new TruncationExploit(0.25, 0.25) { Inherit = Inheritance.Hyperparameters },
            Explore = new NoExplore(),
        });
        study.RunRound(static member => member);
        Assert.Equal(study[3].Hyperparameters, study[0].Hyperparameters);
        Assert.Equal(new MemberId(0), study[0].Start!.Value.Member);
        Assert.Equal(new MemberId(3), study[0].Donor);
    }

    [Fact]
    public void Nobody_exploits_during_the_burn_in()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { BurnIn = 2 });
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        Assert.All(study.State.Members, static m => Assert.Null(m.Donor));
        study.RunRound(static member => member);
        Assert.Equal(new MemberId(3), study[0].Donor);
    }

    [Fact]
    public void A_lower_score_is_better_when_the_goal_is_to_minimize()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Objective = new Objective("loss", Goal.Minimize) });
        study.RunRound(static member => member);
        Assert.Equal(new MemberId(0), study[3].Donor);
        Assert.Equal(new MemberId(0), study.State.Best!.Member);
    }

    [Fact]
    public void Hyperparameters_move_at_every_interval_when_asked_to()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with
        {
            Exploit = new NoExploit(),
            Explore = new PerturbExplore { When = ExploreWhen.Always, ResampleProbability = 0 },
        });
        var before = study.State.Members.Select(static m => m.Hyperparameters).ToList();
        study.RunRound(static member => member);
        Assert.All(study.State.Members, m => Assert.NotEqual(before[m.Id.Value], m.Hyperparameters));
    }

    [Fact]
    public void No_decision_is_taken_after_the_last_interval()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Budget = new Budget(Intervals: 1) });
        study.RunRound(static member => member);
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
        Assert.Empty(study.AllEvents().Select(static e => e.Event).OfType<MemberDecided>());
    }

    [Fact]
    public void A_donor_is_taken_as_it_was_at_the_end_of_the_ranked_interval_even_if_it_copies_too()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Exploit = new BinaryTournamentExploit(), Seed = 3 });
        study.RunRound(static member => member);
        foreach (var decided in study.AllEvents().Select(static e => e.Event).OfType<MemberDecided>().Where(static d => d.Donor is not null))
            Assert.Equal(study[decided.Donor!.Value.Value].Latest!.Checkpoint, decided.Checkpoint);
    }

    [Fact]
    public void Compared_at_the_same_interval_a_late_starter_meets_the_others_as_they_were()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Population = 2,
            Compare = ScoreComparison.SameInterval,
            Exploit = new TruncationExploit(0.5, 0.5),
            Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
        });
        var slow = study.Claim();
        for (var interval = 1; interval <= 4; interval++)
            study.Complete(study.Claim(), interval * 10);

        var then = study[1].History[0];
        Assert.True(study.State.IsLive(then.Checkpoint!.Value));
        study.Complete(slow, 5);
        Assert.Equal(then.Checkpoint, study[0].Start);
    }

    [Fact]
    public void Compared_by_the_latest_scores_a_late_starter_copies_the_others_as_they_are()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 2, Exploit = new TruncationExploit(0.5, 0.5) });
        var slow = study.Claim();
        for (var interval = 1; interval <= 4; interval++)
            study.Complete(study.Claim(), interval * 10);

        study.Complete(slow, 5);
        Assert.Equal(4, study[0].Start!.Value.Interval);
    }

    [Fact]
    public void The_same_seed_gives_the_same_study_and_another_seed_another()
    {
        static string Digest(ulong seed)
        {
            var study = new TestStudy(TestStudy.SynchronousSpec with { Seed = seed });
            for (var round = 0; round < 5; round++)
                study.RunRound(member => study[member].Hyperparameters["lr"].Number);

            return OutcomeDigest.Of(study.State);
        }

        Assert.Equal(Digest(1), Digest(1));
        Assert.NotEqual(Digest(1), Digest(2), StringComparer.Ordinal);
    }

    [Fact]
    public void In_synchronous_mode_the_order_of_completion_does_not_matter()
    {
        static string Digest(bool backwards)
        {
            var study = new TestStudy(TestStudy.SynchronousSpec);
            while (!study.State.HasEnded)
            {
                var all = Enumerable.Range(0, 4).Select(_ => study.Claim()).ToList();
                foreach (var assignment in backwards ? Enumerable.Reverse(all) : all)
                    study.Complete(assignment, (assignment.Member.Value * 7 % 4) + assignment.Hyperparameters["lr"].Number);
            }

            return OutcomeDigest.Of(study.State);
        }

        Assert.Equal(Digest(backwards: false), Digest(backwards: true));
    }

    [Fact]
    public void Every_value_stays_in_the_search_space_over_a_long_study()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with
        {
            Population = 10,
            Budget = new Budget(Intervals: 50),
            Hyperparameters = new SearchSpace(
            [
                new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log),
                new FloatHyperparameter("gamma", 0.9, 0.9999, Scale.OneMinusLog),
                new IntHyperparameter("epochs", 1, 10, Scale.Linear),
                new OrdinalHyperparameter("batch", [HyperparameterValue.Of(32L), HyperparameterValue.Of(64L)]),
                new BoolHyperparameter("norm"),
            ]),
        });
        while (!study.State.HasEnded)
        {
            study.RunRound(member => study[member].Hyperparameters["lr"].Number);
            Assert.All(study.State.Members, m => Assert.True(study.Spec.Hyperparameters.Contains(m.Hyperparameters), m.Hyperparameters.ToString()));
        }
    }
}

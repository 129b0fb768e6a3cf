using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population;

public sealed class LineageTests
{
    [Fact]
    public void A_lineage_runs_through_donors_back_to_the_start()
    {
        var study = Inheriting();

        var lineage = Lineage.Of(study.State, study[0].Start);

        Assert.Equal([(3, 1), (3, 2), (0, 3)], lineage.Select(static s => (s.Member.Value, s.Record.Interval)));
        Assert.Equal(lineage.Sum(static s => s.Record.Steps), study[0].Latest!.LineageSteps);
    }

    [Fact]
    public void Nothing_has_no_lineage()
    {
        var study = Inheriting();

        Assert.Empty(Lineage.Of(study.State, checkpoint: null));
        Assert.Empty(Lineage.Of(study.State, new CheckpointId(new MemberId(99), 1, new AttemptId(1))));
        Assert.Empty(Lineage.Schedule([]));
    }

    [Fact]
    public void A_failed_interval_is_not_in_the_lineage_of_who_was_rescued()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { Population = 2, Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 }, Exploit = new TruncationExploit(0.5, 0.5) });
        study.RunRound(static member => member);
        var (first, second) = (study.Claim(), study.Claim());
        study.Fail(first);
        study.Complete(second, 1);

        var lineage = Lineage.Of(study.State, study[0].Start);

        Assert.Null(study[0].History[^1].Score);
        Assert.Equal([(1, 1), (1, 2)], lineage.Select(static s => (s.Member.Value, s.Record.Interval)));
    }

    [Fact]
    public void A_schedule_changes_where_the_hyperparameters_or_the_member_do()
    {
        var study = Inheriting();

        var schedule = Lineage.Schedule(Lineage.Of(study.State, study[0].Start));

        Assert.Equal([(3, 1, 2, 0L, 20L), (0, 3, 3, 20L, 10L)], schedule.Select(static s => (s.Member.Value, s.FirstInterval, s.LastInterval, s.FirstStep, s.Steps)));
        Assert.Equal(study[3].History[0].Hyperparameters, schedule[0].Hyperparameters);
        Assert.Equal(study[0].History[2].Hyperparameters, schedule[1].Hyperparameters);
    }

    [Fact]
    public void A_tree_holds_every_ancestor_once_and_every_member()
    {
        var study = Inheriting();

        var tree = LineageTree.Of(study.State);

        Assert.Equal([2, 3], tree.Roots.Select(static r => r.Id.Member.Value));
        Assert.Empty(tree.Untrained);
        Assert.Equal(tree.Nodes.Count, tree.Nodes.Select(static n => n.Id).Distinct().Count());
        Assert.Equal(study.State.Members.Select(static m => m.Id), tree.Nodes.SelectMany(static n => n.Holders).Order());
        Assert.All(tree.Nodes, node => Assert.Equal(node.Record.Start, node.Parent?.Id));
        Assert.All(tree.Nodes, static node => Assert.Equal(node.Descendants, node.Holders.Count + node.Children.Sum(static c => c.Descendants)));
        var branch = tree.Nodes.Single(static n => n.Children.Count == 2);
        Assert.Equal((new MemberId(3), 2), (branch.Id.Member, branch.Record.Interval));
        Assert.Equal([0, 3], branch.Children.Select(static c => c.Id.Member.Value));
    }

    [Fact]
    public void A_member_that_has_completed_nothing_is_in_no_tree()
    {
        var tree = LineageTree.Of(new TestStudy(TestStudy.SynchronousSpec).State);

        Assert.Empty(tree.Nodes);
        Assert.Equal([0, 1, 2, 3], tree.Untrained.Select(static m => m.Value));
    }

    [Fact]
    public void A_long_lineage_is_followed_without_recursion()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Population = 1, Exploit = new NoExploit(), Budget = new Budget(Intervals: 20_000) });
        while (!study.State.HasEnded)
            study.Complete(study.Claim(), 1);

        Assert.Equal(20_000, Lineage.Of(study.State, study[0].Start).Length);
        Assert.Equal(20_000, LineageTree.Of(study.State).Nodes.Count);
    }

    /// <summary>After two generations m0 takes m3's weights; after a third m1 takes m0's.</summary>
    private static TestStudy Inheriting()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with { BurnIn = 1 });
        study.RunRound(static member => member);
        study.RunRound(static member => member);
        study.RunRound(static member => member switch { 0 => 4, 1 => 0, _ => 1 });
        Assert.Equal(new MemberId(3), study[0].History[2].Donor);
        return study;
    }
}

using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class ForkCommandTests
{
    [Fact]
    public async Task A_fork_goes_on_from_its_parents_checkpoints_and_both_say_so()
    {
        using var studies = new DirectoryStudies();
        var parent = await studies.RunStudyAsync("parent");

        var printed = await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork", "--set", "explore.factors=[0.5, 2.0]", "--set", "seed=9", "--set", "budget.intervals=3");
        Assert.Equal((ExitCode.Done, string.Empty), (printed.Exit, printed.Error));
        Assert.StartsWith("Created parent-at-4 in ROOT/fork: 4 members of parent as they were after interval 4.", printed.Out, StringComparison.Ordinal);

        var fork = await studies.RunStudyAsync("fork");
        Assert.Equal((StudyPhase.Completed, 9UL, 12L), (fork.Phase, fork.Spec.Seed, fork.CompletedIntervals));
        Assert.Equal<double>([0.5, 2.0], Assert.IsType<PerturbExplore>(fork.Spec.Explore).Factors);
        Assert.All(fork.Members, m => Assert.Equal(100 + (20 * (m.History.Count - 1)), m.History[^1].LineageSteps));
        Assert.Equal(parent.Members.Select(static m => m.History[4].Hyperparameters), fork.Members.Select(static m => m.History[0].Hyperparameters));

        // With the weights and the hyperparameters of before, the first interval gives what it gave there.
        Assert.Equal(parent.Members.Select(static m => m.History[4].Score), fork.Members.Select(static m => m.History[0].Score));

        Assert.Contains("from       parent after interval 4, in ROOT/parent", (await studies.RunAsync("status", "@fork")).Out, StringComparison.Ordinal);
        Assert.Contains("fork       parent-at-4 after interval 4, in ROOT/fork", (await studies.RunAsync("status", "@parent")).Out, StringComparison.Ordinal);
        Assert.Matches("began with m[0-3]'s weights of interval 4 of parent", (await studies.RunAsync("show", "@fork", "m1")).Out);
        Assert.Contains("forked from parent after interval 4, in ROOT/parent", (await studies.RunAsync("lineage", "@fork")).Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, (await studies.RunAsync("verify", "@fork")).Exit);
        Assert.Equal(ExitCode.Done, (await studies.RunAsync("verify", "@parent")).Exit);
    }

    [Fact]
    public async Task The_JSON_of_both_names_the_other()
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("parent");
        await studies.RunAsync("fork", "@parent", "--at", "2", "--dir", "@fork");

        var (parent, fork) = ((await studies.RunAsync("status", "@parent", "--json")).Json, (await studies.RunAsync("status", "@fork", "--json")).Json);
        var (member, lineage) = ((await studies.RunAsync("show", "@fork", "0", "--json")).Json, (await studies.RunAsync("lineage", "@fork", "--json")).Json);

        Assert.Null(parent["ancestor"]);
        Assert.Equal(("parent-at-2", 2), ((string)parent["forks"]![0]!["study"]!, (int)parent["forks"]![0]!["interval"]!));
        Assert.Equal("ROOT/parent", (string)fork["ancestor"]!["directory"]!);
        JsonKeys.AssertHas(member["began_with"], "checkpoint", "member", "interval", "steps");
        Assert.Equal((2, 40), ((int)member["began_with"]!["interval"]!, (int)member["began_with"]!["steps"]!));
        Assert.Equal("parent", (string)lineage["ancestor"]!["study"]!);
    }

    [Fact]
    public async Task The_parent_keeps_what_its_forks_start_from_though_its_spec_keeps_it_no_more()
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("parent");
        await studies.RunAsync("fork", "@parent", "--at", "2", "--dir", "@fork");
        await using (var study = await StudyStores.OpenAsync(studies.At("parent"), TimeProvider.System))
        {
            var changed = DirectoryStudies.Spec with { Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1) };
            await study.Store.TransactAsync(transaction =>
            {
                StudyScheduler.ChangeSpec(transaction, changed, ["checkpoints"]);
                return true;
            });
        }

        await studies.RunAsync("gc", "@parent");

        Assert.Equal(StudyPhase.Completed, (await studies.RunStudyAsync("fork")).Phase);
        var refused = await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@other");
        Assert.Equal(ExitCode.BadRequest, refused.Exit);
        Assert.Contains(" went on from is collected: m000", refused.Error, StringComparison.Ordinal);
        Assert.Contains("possible: 2, 6. checkpoints: { keep: all }, or { every: K }", refused.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_again_it_completes_what_a_crash_left_and_notes_nothing_twice()
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("parent");
        await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork");

        // As after a crash between the two effects.
        Directory.Delete(studies.At("fork"), recursive: true);
        var again = await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork");
        Assert.StartsWith("Created parent-at-4", again.Out, StringComparison.Ordinal);
        Assert.Single((await studies.LoadAsync("parent")).Forks);

        var once = await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork");
        Assert.Equal(ExitCode.Done, once.Exit);
        Assert.Contains("is there already; nothing was changed", once.Out, StringComparison.Ordinal);

        var other = await studies.RunAsync("fork", "@parent", "--at", "2", "--dir", "@fork");
        Assert.Equal(ExitCode.BadRequest, other.Exit);
        Assert.Contains("which is not this fork; give another --dir", other.Error, StringComparison.Ordinal);
        Assert.Single((await studies.LoadAsync("parent")).Forks);
    }

    [Fact]
    public async Task A_fork_whose_parent_is_gone_says_so_before_it_runs_and_a_member_that_starts_says_so_too()
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("parent");
        await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork");
        Directory.Move(studies.At("parent"), studies.At("moved"));

        var run = await studies.RunAsync("run", Path.Combine(studies.At("fork"), "study.yaml"), "--dir", "@fork");
        Assert.Equal(ExitCode.BadRequest, run.Exit);
        Assert.Contains("it belongs to the study parent, which was in ROOT/parent when this one was forked", run.Error, StringComparison.Ordinal);

        var failed = await studies.RunStudyAsync("fork");
        Assert.Equal(StudyPhase.Failed, failed.Phase);
        Assert.Matches("the checkpoint that m[0-3] starts from is missing: there is no directory .*/parent/checkpoints/", failed.EndReason);
    }

    [Fact]
    public async Task Damage_to_what_a_fork_starts_from_is_found_before_it_is_loaded()
    {
        using var studies = new DirectoryStudies();
        var parent = await studies.RunStudyAsync("parent");
        await studies.RunAsync("fork", "@parent", "--at", "4", "--dir", "@fork");
        var start = parent.Members[0].History[4].Start!.Value;
        var path = Path.Combine(studies.At("parent"), "checkpoints", start.ToString(), "state.json");
        var text = await File.ReadAllTextAsync(path);
        await File.WriteAllTextAsync(path, text.Replace('0', '1'));

        var fork = await studies.RunStudyAsync("fork");

        Assert.NotEqual(0, fork.FailedIntervals);
        Assert.Contains("that this one was forked from is damaged: the content of 'state.json'", string.Join('\n', fork.Members.Select(static m => m.LastFailure)), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("there is no fork at 9: m0, m1, m2, m3 have not ended interval 9 yet; possible: 2, 4, 6", "@parent", "--at", "9", "--dir", "@fork")]
    [InlineData("--at is 0; intervals are counted from 1", "@parent", "--at", "0", "--dir", "@fork")]
    [InlineData("the parent's budget of 6 intervals leaves none after interval 6: --set budget.intervals=N", "@parent", "--at", "6", "--dir", "@fork")]
    [InlineData("there is no directory ROOT/nothing", "@nothing", "--at", "2", "--dir", "@fork")]
    [InlineData("there is no study in ROOT", "@", "--at", "2", "--dir", "@fork")]
    [InlineData("ROOT/parent is the study itself", "@parent", "--at", "2", "--dir", "@parent")]
    [InlineData("ROOT holds parent and no study", "@parent", "--at", "2", "--dir", "@")]
    [InlineData("--set population: a fork has the members of its parent", "@parent", "--at", "2", "--dir", "@fork", "--set", "population=8")]
    [InlineData("--set initial.members: a fork's members begin as they were", "@parent", "--at", "2", "--dir", "@fork", "--set", "initial.members=[]")]
    [InlineData("--set seed is no KEY=VALUE", "@parent", "--at", "2", "--dir", "@fork", "--set", "seed")]
    [InlineData("budgt: unknown key 'budgt'; did you mean 'budget'?", "@parent", "--at", "2", "--dir", "@fork", "--set", "budgt.intervals=3")]
    [InlineData("initial.members[0].h: the number", "@parent", "--at", "2", "--dir", "@fork", "--set", "hyperparameters.h.max=0.001")]
    public async Task A_wrong_request_is_refused_and_nothing_is_noted(string message, params string[] arguments)
    {
        using var studies = new DirectoryStudies();
        await studies.RunStudyAsync("parent");

        var printed = await studies.RunAsync(["fork", .. arguments]);

        Assert.Equal(ExitCode.BadRequest, printed.Exit);
        Assert.Contains(message, printed.Error, StringComparison.Ordinal);
        Assert.Empty((await studies.LoadAsync("parent")).Forks);
        Assert.False(Directory.Exists(studies.At("fork")));
    }
}

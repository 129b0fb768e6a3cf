using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Commands;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task A_log_as_pbt_wrote_it_differs_nowhere()
    {
        using var study = await TestStudy.Branching().WithCheckpointsAsync();

        var printed = await study.RunAsync("verify", "DIR");

        Assert.Equal($"36 decisions recomputed, 0 differ; {study.State.LiveCheckpoints.Count} checkpoints checked, 0 damaged\n", printed.Out);
        Assert.Equal(ExitCode.Done, printed.Exit);
    }

    [Fact]
    public async Task A_forged_decision_is_shown_and_fails_the_check()
    {
        using var study = await TestStudy.Branching().WithCheckpointsAsync();
        var decided = study.Store.Events.Last(static e => e.Event is MemberDecided { Action: MemberAction.Exploit });
        study.Store.Forge(decided.Version, (MemberDecided)decided.Event with { Donor = new MemberId(3) });

        var printed = await study.RunAsync("verify", "DIR");
        var json = await study.RunAsync("verify", "DIR", "--json");

        Assert.Equal((ExitCode.StudyFailed, ExitCode.StudyFailed), (printed.Exit, json.Exit));
        Assert.StartsWith($"event {decided.Version}\n  recorded:   MemberDecided", printed.Out, StringComparison.Ordinal);
        Assert.Contains("\n36 decisions recomputed, 1 differ; ", printed.Out, StringComparison.Ordinal);
        JsonKeys.AssertHas(json.Json, "study", "journal_version", "decisions", "differ", "differences");
        JsonKeys.AssertHas(json.Json["differences"]![0], "version", "recorded", "recomputed");
        Assert.Equal((36, 1), ((int)json.Json["decisions"]!, (int)json.Json["differ"]!));
    }

    [Fact]
    public async Task Only_the_first_twenty_differences_are_printed()
    {
        using var study = new TestStudy(TestStudy.Default with { Population = 12 }).RunRounds(3);
        foreach (var recorded in study.Store.Events.Where(static e => e.Event is AttemptStarted))
            study.Store.Forge(recorded.Version, (AttemptStarted)recorded.Event with { Seed = 1 });

        var printed = await study.RunAsync("verify", "DIR", "--no-checkpoints");

        Assert.EndsWith("decisions recomputed, 36 differ\n", printed.Out, StringComparison.Ordinal);
        Assert.Equal(20, printed.Out.Split('\n').Count(static l => l.StartsWith("event ", StringComparison.Ordinal)));
        Assert.Contains("… and 16 more", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_event_that_cannot_follow_means_a_damaged_log()
    {
        using var study = TestStudy.Branching();
        var completed = study.Store.Events.First(static e => e.Event is IntervalCompleted);
        study.Store.Forge(completed.Version, (IntervalCompleted)completed.Event with { Attempt = new AttemptId(99) });

        Assert.Equal(ExitCode.Damaged, (await study.RunAsync("verify", "DIR")).Exit);
    }

    [Fact]
    public async Task A_damaged_checkpoint_is_named_with_who_needs_it()
    {
        using var study = await TestStudy.Branching().WithCheckpointsAsync();
        var starts = study.State.Members.Select(static m => m.Start!.Value).Distinct().OrderBy(static id => id.Attempt).ToList();
        await File.WriteAllTextAsync(Path.Combine(study.Open.Checkpoints.Locate(starts[0]), "weights"), "0123456789");
        await study.Open.Checkpoints.DeleteAsync(starts[1]);

        var printed = await study.RunAsync("verify", "DIR");
        var json = await study.RunAsync("verify", "DIR", "--json");

        Assert.Equal((ExitCode.Damaged, ExitCode.Damaged), (printed.Exit, json.Exit));
        Assert.Contains($"checkpoint {starts[0]} is damaged\n  what:       the content of 'weights'", printed.Out, StringComparison.Ordinal);
        Assert.Contains($"checkpoint {starts[1]} is missing\n", printed.Out, StringComparison.Ordinal);
        Assert.EndsWith(" checked, 2 damaged\n", printed.Out, StringComparison.Ordinal);
        JsonKeys.AssertHas(json.Json, "checkpoints", "damaged", "damaged_checkpoints");
        JsonKeys.AssertHas(json.Json["damaged_checkpoints"]![0], "id", "missing", "reason", "needed_for");
        Assert.Equal(starts[0].ToString(), (string)json.Json["damaged_checkpoints"]![0]!["id"]!);
    }

    [Fact]
    public async Task A_checkpoint_that_is_known_to_be_damaged_is_not_reported_again()
    {
        using var study = await TestStudy.Branching().WithCheckpointsAsync();
        var attempt = study.Claim();
        study.Report(attempt, new Core.Scheduling.AttemptResult.StartDamaged("'weights' is missing"));
        await study.Open.Checkpoints.DeleteAsync(attempt.CheckpointIn!.Value);

        Assert.Equal(ExitCode.Done, (await study.RunAsync("verify", "DIR")).Exit);
        Assert.Contains($"damaged    {attempt.CheckpointIn}: 'weights' is missing", (await study.RunAsync("status", "DIR")).Out, StringComparison.Ordinal);
        Assert.Contains($"checkpoint {attempt.CheckpointIn} is damaged: it goes on", (await study.RunAsync("lineage", "DIR")).Out, StringComparison.Ordinal);
    }
}

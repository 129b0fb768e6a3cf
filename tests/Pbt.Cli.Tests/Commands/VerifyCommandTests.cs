using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Commands;

public sealed class VerifyCommandTests
{
    [Fact]
    public async Task A_log_as_pbt_wrote_it_differs_nowhere()
    {
        using var study = TestStudy.Branching();

        var printed = await study.RunAsync("verify", "DIR");

        Assert.Equal("36 decisions recomputed, 0 differ\n", printed.Out);
        Assert.Equal(ExitCode.Done, printed.Exit);
    }

    [Fact]
    public async Task A_forged_decision_is_shown_and_fails_the_check()
    {
        using var study = TestStudy.Branching();
        var decided = study.Store.Events.Last(static e => e.Event is MemberDecided { Action: MemberAction.Exploit });
        study.Store.Forge(decided.Version, (MemberDecided)decided.Event with { Donor = new MemberId(3) });

        var printed = await study.RunAsync("verify", "DIR");
        var json = await study.RunAsync("verify", "DIR", "--json");

        Assert.Equal((ExitCode.StudyFailed, ExitCode.StudyFailed), (printed.Exit, json.Exit));
        Assert.StartsWith($"event {decided.Version}\n  recorded:   MemberDecided", printed.Out, StringComparison.Ordinal);
        Assert.EndsWith("36 decisions recomputed, 1 differ\n", printed.Out, StringComparison.Ordinal);
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

        var printed = await study.RunAsync("verify", "DIR");

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
}

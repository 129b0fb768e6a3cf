using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

/// <summary>What people and programs see of candidates and of smoothed scores.</summary>
public sealed class CandidateCommandTests
{
    private static readonly StudySpec Spec = TestStudy.Default with
    {
        Population = 2,
        Initial = new RandomInitial { Candidates = 4 },
        Objective = new("score", Goal.Maximize) { Smoothing = new MeanSmoothing(2) },
    };

    [Fact]
    public async Task Status_says_of_how_many_the_members_are_the_best_and_who_is_retired()
    {
        using var study = Chosen();

        var text = (await study.RunAsync("status", "DIR")).Out;
        var json = (await study.RunAsync("status", "DIR", "--json")).Json;

        Assert.Contains("2 members, the best of 4 candidates", text, StringComparison.Ordinal);
        Assert.Contains("6 completed, 0 failed, 0 running, of 14 (43%)", text, StringComparison.Ordinal);
        Assert.Contains("score 8 (smoothed 5)", text, StringComparison.Ordinal);
        Assert.Contains("m3      retired       1/6             3 (3)", text, StringComparison.Ordinal);
        Assert.Equal((2, 4, 14), ((int)json["population"]!, (int)json["candidates"]!, (int)json["intervals"]!["budget"]!));
        Assert.Equal(["ready", "ready", "retired", "retired"], json["members"]!.AsArray().Select(static m => (string?)m!["state"]));
        Assert.Equal((8.0, 5.0), ((double)json["best"]!["score"]!, (double)json["best"]!["smoothed"]!));
    }

    [Fact]
    public async Task A_retired_member_is_shown_as_such_and_its_weights_are_in_the_lineage_of_who_took_its_place()
    {
        using var study = Chosen();

        Assert.Contains("m2         is retired after 1 interval", (await study.RunAsync("show", "DIR", "m2")).Out, StringComparison.Ordinal);
        Assert.Contains("the weights of 2 members come from 2 of 4 initial ones", (await study.RunAsync("lineage", "DIR")).Out, StringComparison.Ordinal);
        var members = (await study.RunAsync("lineage", "DIR", "--json")).Json["members"]!.AsArray();
        Assert.Equal([false, false, true, true], members.Select(static m => (bool)m!["retired"]!));
        Assert.Equal((ExitCode.Done, true), await Verified(await study.WithCheckpointsAsync()));
    }

    [Fact]
    public void What_was_chosen_is_told()
    {
        using var study = Chosen();
        var state = new StudyState();
        var told = new List<string>();
        foreach (var recorded in study.Store.Events)
        {
            if (EventWords.Of(recorded, state) is { } news)
                told.Add(news.Text);

            state.Apply(recorded);
        }

        Assert.Contains("study demo was created with 2 members, the best of 4 candidates", told);
        Assert.Contains(told, static text => text.StartsWith("m0 took m3's weights at interval 1", StringComparison.Ordinal));
        Assert.Contains("m3 is retired at interval 1: m0 goes on with what it has", told);
        Assert.Contains("m2 is retired at interval 1: it is not among the best 2 of 4 candidates", told);
    }

    private static async Task<(int Exit, bool IsClean)> Verified(TestStudy study)
    {
        var printed = await study.RunAsync("verify", "DIR", "--json");
        return (printed.Exit, printed.Json["differences"]!.AsArray().Count == 0);
    }

    /// <summary>Of four, m1 and m3 are the best; then m0, which has m3's weights, gives 5 and m1 8.</summary>
    private static TestStudy Chosen()
    {
        var study = new TestStudy(Spec);
        study.RunRound(static member => member is 0 or 2 ? member / 10.0 : member == 3 ? 3 : 2);
        study.RunRound(static member => member == 0 ? 5 : 8);
        return study;
    }
}

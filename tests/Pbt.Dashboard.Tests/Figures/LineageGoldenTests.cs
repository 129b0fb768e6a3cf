using System.Text.Json.Nodes;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Dashboard.Figures;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Views;
using Pbt.Harness;

namespace Pbt.Dashboard.Tests.Figures;

/// <summary>
/// The page lays out lineages in TypeScript, figures do in C#: a file of studies with their lanes, which the page's tests read too, keeps them from
/// drifting apart. PBT_RENEW_GOLDEN=1 writes it anew.
/// </summary>
public sealed class LineageGoldenTests
{
    private static readonly string Golden = Path.Combine(SystemPython.Repository, "src", "Pbt.Dashboard", "web", "test", "lineages.json");

    // What a lineage depends on, of all that the page is told.
    private static readonly string[] Told = ["members", "sets", "intervals"];

    [Fact]
    public async Task The_lanes_of_figures_are_those_that_the_pages_tests_expect()
    {
        string[] studies =
        [
            await StudyAsync("members take the weights of the best", DrivenStudy.Default with { Population = 6 }, attempts: 60, failsAt: static _ => false),
            await StudyAsync("many members in step", DrivenStudy.Default with { Population = 24, Mode = StudyMode.Synchronous }, attempts: 240, failsAt: static _ => false),
            await StudyAsync("failed members are given donors", DrivenStudy.Default with { Population = 8, Seed = 5 }, attempts: 120, failsAt: static attempt => attempt % 29 is >= 11 and < 15),
            await StudyAsync("members go back to what they were", DrivenStudy.Default with { Population = 8, Exploit = new BacktrackExploit() }, attempts: 120, failsAt: static _ => false),
            await StudyAsync("losing candidates take the weights of winners", DrivenStudy.Default with { Population = 4, Initial = new RandomInitial { Candidates = 12, CandidateIntervals = 2 } }, attempts: 60, failsAt: static _ => false),
        ];
        var made = $"[\n{string.Join(",\n", studies)}\n]\n";
        if (Environment.GetEnvironmentVariable("PBT_RENEW_GOLDEN") is "1")
            await File.WriteAllTextAsync(Golden, made);

        Assert.Equal(await File.ReadAllTextAsync(Golden), made);
        Assert.All(studies, static study => Assert.True((int)JsonNode.Parse(study)!["count"]! > 1, study));
    }

    private static async Task<string> StudyAsync(string name, StudySpec spec, int attempts, Func<int, bool> failsAt)
    {
        await using var study = await DrivenStudy.CreateAsync(spec, time: new StoppedClock());
        for (var attempt = 0; attempt < attempts; attempt++)
        {
            var assignment = await study.ClaimAsync();
            if (failsAt(attempt))
                await study.FailAsync(assignment, "crashed");
            else
                await study.CompleteAsync(assignment, assignment.Interval + Math.Round(Math.Sin((assignment.Member.Value * 7) + (attempt * 13)) * 5, 3));
        }

        var view = new StudyView();
        await foreach (var recorded in study.Store.ReadAsync(0))
            view.Apply(recorded);

        return Write(name, view);
    }

    private static string Write(string name, StudyView view)
    {
        using var json = new JsonBuffer();
        json.Make(writer =>
        {
            ChangeJson.Write(writer, view, after: 0);
            return true;
        });
        var change = JsonNode.Parse(json.Written.Span)!.AsObject();
        foreach (var key in change.Select(static told => told.Key).Except(Told, StringComparer.Ordinal).ToList())
            change.Remove(key);

        var layout = LineageLayout.Of(LineageTree.Of(view.State));
        var lanes = Enumerable.Repeat(-1, view.Intervals.Rows.Count).ToArray();
        foreach (var (checkpoint, lane) in layout.Lanes)
            lanes[view.Intervals.RowOf(checkpoint)] = lane;

        var golden = new JsonObject { ["name"] = name, ["count"] = layout.Count, ["lanes"] = new JsonArray([.. lanes.Select(static lane => (JsonNode)lane)]), ["change"] = change };
        return golden.ToJsonString();
    }

    /// <summary>A clock that stands still, so that the log is a function of the study.</summary>
    private sealed class StoppedClock : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch;
    }
}

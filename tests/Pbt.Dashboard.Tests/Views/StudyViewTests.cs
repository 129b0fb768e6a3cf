using System.Text.Json.Nodes;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Views;
using Pbt.Testing;

namespace Pbt.Dashboard.Tests.Views;

public sealed class StudyViewTests
{
    [Fact]
    public void Every_event_can_be_shown_and_the_rows_are_those_of_the_fold()
    {
        var view = new StudyView();
        foreach (var (happened, i) in ConformanceStudy.EveryEvent().Select(static (e, i) => (e, i)))
        {
            view.Apply(new RecordedEvent(i + 1, DateTimeOffset.UnixEpoch.AddSeconds(i), happened));
            Assert.Equal(view.State.Version, (long)Change(view, after: 0)["version"]!);
        }

        Assert.Equal(view.State.Members.Sum(static m => m.Intervals), view.Intervals.Rows.Count);
        Assert.All(view.Intervals.Rows, static row => Assert.Equal(row.Kind == IntervalKind.Failed, double.IsNaN(row.Score)));
        Assert.Equal(["released", "failed", "failed"], view.Attempts.Unfinished.Select(static a => a.Outcome));
        Assert.Equal([null, 0], view.Workers.Rows.Select(static w => w.Loss is null ? (int?)0 : null));
    }

    [Fact]
    public async Task What_is_new_since_a_version_is_the_end_of_everything()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(6);
        var view = new StudyView();
        List<JsonNode> changes = [];
        await foreach (var recorded in study.Store.ReadAsync(0))
        {
            view.Apply(recorded);
            if (recorded.Version % 7 == 0)
                changes.Add(Change(view, changes.Count == 0 ? 0 : (long)changes[^1]["version"]!));
        }

        changes.Add(Change(view, (long)changes[^1]["version"]!));
        var all = Change(view, after: 0);
        foreach (var column in (string[])["member", "score", "parent", "set", "end"])
            Assert.Equal(Column(all, column), changes.SelectMany(change => Column(change, column)));

        Assert.Equal(all["news"]!.AsArray().Count, changes.Sum(static change => change["news"]!.AsArray().Count));
        Assert.Equal(all["sets"]!["values"]![0]!.AsArray().Count, changes.Sum(static change => change["sets"]!["values"]!.AsArray().FirstOrDefault()?.AsArray().Count ?? 0));
        Assert.Empty(Change(view, view.State.Version)["members"]!.AsArray());
    }

    [Fact]
    public async Task A_row_names_the_row_whose_weights_it_went_on_from()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(8, static (member, round) => member == 3 ? -round : round + member);
        var state = await study.Store.LoadAsync();
        var view = new StudyView();
        await foreach (var recorded in study.Store.ReadAsync(0))
            view.Apply(recorded);

        Assert.Contains(view.Intervals.Rows, row => row.Parent >= 0 && view.Intervals.Rows[row.Parent].Member != row.Member);
        foreach (var member in state.Members)
        {
            foreach (var record in member.History)
            {
                var row = view.Intervals.Rows[view.Intervals.RowOf(record.Checkpoint)];
                Assert.Equal((record.Score!.Value, view.Intervals.RowOf(record.Start), record.Donor?.Value ?? -1), (row.Score, row.Parent, row.Donor));
                Assert.Equal(record.Hyperparameters, view.Sets.Sets[row.Set].Values);
            }
        }
    }

    [Fact]
    public async Task A_failed_interval_that_is_open_again_counts_no_more()
    {
        await using var study = await DrivenStudy.CreateAsync(DrivenStudy.Default with { Exploit = new NoExploit() });
        for (var attempt = 0; attempt < study.Spec.Population * study.Spec.Trainer.MaxAttempts; attempt++)
            await study.FailAsync(await study.ClaimAsync(), "broken");

        var view = new StudyView();
        await ReadAsync(study, view);
        Assert.Equal((StudyPhase.Failed, 1), (view.State.Phase, view.Intervals.CountOf(2)));

        await study.TransactAsync(static t => Core.Scheduling.StudyControl.Resume(t, static _ => true));
        await ReadAsync(study, view);
        Assert.Equal(0, view.Intervals.CountOf(2));
        Assert.Equal(4, view.Intervals.Rows.Count(static row => row.Kind == IntervalKind.Reopened));
    }

    [Fact]
    public void A_cursor_names_the_fold_and_its_version()
    {
        Assert.Equal(new Dictionary<int, Cursor> { [0] = new(1, 250), [3] = new(0, 0) }, EventStream.ParseWatched("0@1.250,3@0.0", studies: 4));
        Assert.Empty(EventStream.ParseWatched(string.Empty, studies: 4)!);
        Assert.All(["4@0.0", "-1@0.0", "0", "0@1", "0@.1", "@1.1", "0@1.-2", "../x@0.0"], static text => Assert.Null(EventStream.ParseWatched(text, studies: 4)));
    }

    private static async Task ReadAsync(DrivenStudy study, StudyView view)
    {
        await foreach (var recorded in study.Store.ReadAsync(view.State.Version))
            view.Apply(recorded);
    }

    private static JsonNode Change(StudyView view, long after)
    {
        using var json = new JsonBuffer();
        Assert.True(json.Make(writer =>
        {
            ChangeJson.Write(writer, view, after);
            return true;
        }));
        return JsonNode.Parse(json.Written.Span)!;
    }

    /// <summary>A column's values, whether they were written one by one or as one.</summary>
    private static IEnumerable<string> Column(JsonNode change, string name)
    {
        var column = change["intervals"]![name];
        return column is JsonArray values
            ? values.Select(static value => value?.ToJsonString() ?? "null")
            : Enumerable.Repeat(column?.ToJsonString() ?? "null", (int)change["intervals"]!["count"]!);
    }
}

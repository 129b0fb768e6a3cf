using System.Net;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Dashboard.Http;
using Pbt.Dashboard.Telemetry;
using Pbt.Dashboard.Views;
using Pbt.Harness;

namespace Pbt.Dashboard.Tests.Telemetry;

/// <summary>What a Prometheus server reads.</summary>
public sealed class MetricsTests
{
    // Reads as a Prometheus server does, and says what it read as JSON.
    private const string Reader =
        """
        import json, sys
        from prometheus_client.parser import text_string_to_metric_families
        families = list(text_string_to_metric_families(open(sys.argv[1], encoding="utf-8", newline="").read()))
        print(json.dumps([
            {"name": f.name, "type": f.type, "help": f.documentation, "samples": [{"name": s.name, "labels": s.labels, "value": s.value} for s in f.samples]}
            for f in families]))
        """;

    [MetricsFact]
    public async Task Prometheus_own_parser_reads_of_the_server_what_the_fold_has()
    {
        await using var study = await DrivenStudy.CreateAsync(DrivenStudy.Hostile);
        await using var twin = await DrivenStudy.CreateAsync(DrivenStudy.Hostile);
        await study.RunRoundsAsync(3);
        await study.FailAsync(await study.ClaimAsync(), "no luck");
        await study.ClaimAsync();
        await using var server = await study.ServeAsync(twin);
        using var client = new HttpClient { BaseAddress = server.Address };
        var state = await study.Store.LoadAsync();

        var read = Read(await UpAsync(client));

        var samples = read.SelectMany(static family => family.GetProperty("samples").EnumerateArray()).ToList();
        double Of(string name, params (string Name, string Value)[] labels) => samples.Single(sample =>
            sample.GetProperty("name").ValueEquals(name) && IsLabelled(sample, "directory", study.Directory.Root) && labels.All(l => IsLabelled(sample, l.Name, l.Value))).GetProperty("value").GetDouble();
        Assert.Equal(state.Best!.Record.Score, Of("pbt_study_best_score"));
        Assert.Equal(state.CompletedIntervals, Of("pbt_study_intervals_completed_total"));
        Assert.Equal(state.Version, Of("pbt_study_events_total"));
        Assert.Equal(state.TotalSteps, Of("pbt_study_steps_total"));
        Assert.Equal(1, Of("pbt_study_attempts_unfinished_total", ("outcome", "failed")));
        Assert.Equal(1, Of("pbt_study_attempts_running"));
        Assert.Equal(4, Of("pbt_study_slots"));
        Assert.Equal(1, Of("pbt_study_phase", ("phase", "running")));
        Assert.Equal(0, Of("pbt_study_phase", ("phase", "completed")));
        Assert.Equal(1, Of("pbt_study_info", ("metric", DrivenStudy.Markup)));
        Assert.Equal(state.Members.Count(static m => m.Phase == MemberPhase.Ready), Of("pbt_study_members", ("phase", "ready")));
        foreach (var member in state.Members)
        {
            Assert.Equal(member.Latest!.Score, Of("pbt_member_score", ("member", $"{member.Id.Value}")));
            Assert.Equal(member.Hyperparameters["learning_rate"].Number, Of("pbt_member_hyperparameter", ("member", $"{member.Id.Value}"), ("name", "learning_rate")));
        }

        Assert.Equal(samples.Count, samples.Select(static sample => $"{sample.GetProperty("name")}{sample.GetProperty("labels")}").Distinct(StringComparer.Ordinal).Count());
        Assert.All(read, static family => Assert.Equal(
            family.GetProperty("type").ValueEquals("counter"),
            family.GetProperty("samples")[0].GetProperty("name").GetString()!.EndsWith("_total", StringComparison.Ordinal)));
        Assert.All(read, static family => Assert.NotEmpty(family.GetProperty("help").GetString()!));
    }

    [PageFact]
    public async Task The_members_can_be_left_out_and_the_type_says_which_format_it_is()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(1);
        await using var server = await study.ServeAsync();
        using var client = new HttpClient { BaseAddress = server.Address };
        Assert.Contains("pbt_member_score", await UpAsync(client), StringComparison.Ordinal);

        using var answer = await client.GetAsync("metrics?members=false");

        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.DoesNotContain("pbt_member", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("metrics?members=no")).StatusCode);
    }

    [Fact]
    public void Metrics_are_read_under_the_rules_of_all_data()
    {
        var token = AccessToken.Create();
        var read = new RequestFacts("GET", "/metrics", "node7:8080", Origin: null, FetchSite: null, Token: null);
        Assert.Equal(401, new RequestGuard(token, isLoopback: false).Check(read)?.Status);
        Assert.Equal(401, new RequestGuard(token, isLoopback: false).Check(read with { Path = "/METRICS/" })?.Status);
        Assert.Null(new RequestGuard(token, isLoopback: false).Check(read with { Token = token.Text }));
        Assert.Equal(403, new RequestGuard(token, isLoopback: true).Check(read)?.Status);
        Assert.Null(new RequestGuard(token, isLoopback: true).Check(read with { Host = "localhost:8080" }));

        var headers = new Microsoft.AspNetCore.Http.HeaderDictionary { ["Authorization"] = $"Bearer {token.Text}" };
        Assert.True(token.Is(AccessToken.In(headers)));
    }

    [Fact]
    public void What_would_end_a_line_or_a_label_is_escaped_and_numbers_are_written_exactly()
    {
        var metric = new Metric("x_seconds", MetricKind.Gauge, "A \\ and a\nbreak.");

        var text = PrometheusText.Write([new(metric, [new("a", "\"\\\n}")], 0.1 + 0.2), new(metric, [], double.NaN), new(metric, [], double.NegativeInfinity)]);

        Assert.Equal("# HELP x_seconds A \\\\ and a\\nbreak.\n# TYPE x_seconds gauge\nx_seconds{a=\"\\\"\\\\\\n}\"} 0.30000000000000004\nx_seconds NaN\nx_seconds -Inf\n", text);
    }

    [Fact]
    public void A_study_of_256_members_has_as_many_samples_as_the_documentation_says()
    {
        var spec = DrivenStudy.Default with { Population = 256 };
        var transaction = new StudyTransaction(new StudyState(), DateTimeOffset.UnixEpoch);
        StudyScheduler.Create(transaction, spec, "test");
        var view = new StudyView();
        foreach (var recorded in transaction.Events)
            view.Apply(recorded);

        var samples = StudyMetrics.Of("/study", view, isUp: true, withMembers: true, DateTimeOffset.UnixEpoch).ToList();

        // The ended intervals and four hyperparameters that are numbers or bools; a score comes with the first interval.
        Assert.Equal(256 * 5, samples.Count(static sample => sample.Metric.Name.StartsWith("pbt_member_", StringComparison.Ordinal)));
        Assert.InRange(samples.Count(static sample => sample.Metric.Name.StartsWith("pbt_study_", StringComparison.Ordinal)), 20, 40);
        Assert.All(samples, static sample => Assert.Equal(sample.Labels.Count, sample.Labels.DistinctBy(static l => l.Key, StringComparer.Ordinal).Count()));
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_down() =>
        Assert.Equal(0, Assert.Single(StudyMetrics.Of("/study", new StudyView(), isUp: false, withMembers: true, DateTimeOffset.UnixEpoch)).Value);

    private static bool IsLabelled(JsonElement sample, string name, string value) =>
        sample.GetProperty("labels").TryGetProperty(name, out var label) && label.ValueEquals(value);

    /// <summary>What the server answers once it has read its studies.</summary>
    private static async Task<string> UpAsync(HttpClient client)
    {
        var text = string.Empty;
        await Eventually.HoldsAsync("the studies are read", () => (text = client.GetStringAsync("metrics").GetAwaiter().GetResult()).Contains("pbt_study_best_score", StringComparison.Ordinal), () => text);
        return text;
    }

    private static List<JsonElement> Read(string text)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);
            var output = SystemPython.Run(["-c", Reader, path], Path.GetTempPath()).Expect(0).Out;
            return [.. Study.Parse(output).EnumerateArray()];
        }
        finally
        {
            File.Delete(path);
        }
    }
}

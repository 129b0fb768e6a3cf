using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Telemetry;

/// <summary>Metrics and traces of a running study over OTLP.</summary>
public sealed class TelemetryTests
{
    [PythonFact("google.protobuf")]
    public async Task Two_workers_spans_are_one_trace_and_what_they_count_adds_up_to_the_study()
    {
        await using var collector = new Collector();
        using var study = New(intervals: 6)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)
            .With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
            .With("OTEL_EXPORTER_OTLP_HEADERS", "x-key=of-the-test")
            .With("OTEL_SERVICE_NAME", "my-study");
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("worker_joined");
        await using var second = study.StartWorker(slots: 1);
        (await run.EndAsync(study.Describe)).Expect(0);
        (await second.EndAsync(study.Describe)).Expect(0);

        var sent = collector.Read();
        Assert.Equal(["of-the-test"], collector.Keys);
        var resources = sent.GetProperty("traces").EnumerateArray().Concat(sent.GetProperty("metrics").EnumerateArray()).SelectMany(static m => m.EnumerateObject().Single().Value.EnumerateArray());
        Assert.All(resources, static r => Assert.Equal("my-study", Attribute(r.GetProperty("resource"), "service.name")));

        var spans = All(sent.GetProperty("traces"), "resource_spans", "scope_spans", "spans");
        Assert.Single(spans.Select(static s => s.GetProperty("trace_id").GetString()).Distinct());
        var completed = study.Journal().Where(static e => e.Type == "interval_completed").ToList();
        var traced = spans.Where(static s => Attribute(s, "pbt.outcome") == "completed").ToList();
        Assert.Equal(completed.Select(static e => e.Number("attempt")).Order(), traced.Select(static s => int.Parse(Attribute(s, "pbt.attempt")!, CultureInfo.InvariantCulture)).Order());
        foreach (var entry in completed)
        {
            var span = traced.Single(s => Attribute(s, "pbt.attempt") == entry.Number("attempt").ToString(CultureInfo.InvariantCulture));
            Assert.Equal(entry.Data.GetProperty("score").GetDouble(), double.Parse(Attribute(span, "pbt.score")!, CultureInfo.InvariantCulture));
        }

        Assert.Contains(spans, static s => Attribute(s, "pbt.donor") is not null);
        var ids = spans.Select(static s => s.GetProperty("span_id").GetString()).ToHashSet(StringComparer.Ordinal);
        var links = spans.Where(static s => s.TryGetProperty("links", out _)).ToList();
        Assert.NotEmpty(links);
        Assert.All(links, span => Assert.Contains(span.GetProperty("links")[0].GetProperty("span_id").GetString(), ids));

        Assert.Equal(completed.Count, Total(sent, "pbt.intervals"));
        Assert.Equal(study.Journal().Count(static e => e.Type == "member_decided" && e.Text("action") == "exploit"), Total(sent, "pbt.exploits"));
    }

    [PythonFact("google.protobuf")]
    public async Task A_failed_attempt_is_an_error_and_is_counted_by_its_kind()
    {
        await using var collector = new Collector();
        using var study = New(intervals: 2, trainer: "if [ \"$PBT_MEMBER$PBT_INTERVAL\" = 11 ] && mkdir tried 2>/dev/null; then exit 7; fi\n" + Trainers.Deterministic)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)
            .With("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf");
        (await study.RunAsync(slots: 2)).Expect(0);

        var sent = collector.Read();
        var failed = Assert.Single(All(sent.GetProperty("traces"), "resource_spans", "scope_spans", "spans"), static s => Attribute(s, "pbt.outcome") == "failed");
        Assert.Equal(2, failed.GetProperty("status").GetProperty("code").GetInt32());
        Assert.Contains("exit code 7", failed.GetProperty("status").GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Equal(1, Total(sent, "pbt.failures"));
        var histogram = All(sent.GetProperty("metrics"), "resource_metrics", "scope_metrics", "metrics").Last(static m => m.GetProperty("name").GetString() == "pbt.interval.duration");
        Assert.Equal("s", histogram.GetProperty("unit").GetString());
        Assert.Equal("8", histogram.GetProperty("histogram").GetProperty("data_points")[0].GetProperty("count").GetString());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_collector_that_is_away_or_never_answers_changes_nothing(bool isListening)
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var port = isListening ? ((IPEndPoint)silent.LocalEndpoint).Port : Collector.FreePort();
        using var study = New(intervals: 2)
            .With("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{port}")
            .With("OTEL_METRIC_EXPORT_INTERVAL", "200")
            .With("OTEL_BSP_SCHEDULE_DELAY", "100");
        var clock = Stopwatch.StartNew();

        var output = (await study.RunAsync(slots: 2)).Expect(0);

        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 45);
        Assert.Equal(8, study.Count("interval_completed"));
        Assert.DoesNotContain("otlp", output.All, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("OpenTelemetry", output.All, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4317")]
    [InlineData("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")]
    public async Task Variables_that_make_no_sense_are_refused_before_anything_is_created(string variable, string value)
    {
        using var study = New(intervals: 2).With("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:1").With(variable, value);
        (await study.RunAsync(slots: 2)).Expect(2).Saying(variable);
        Assert.False(File.Exists(study.JournalPath));
    }

    [Fact]
    public async Task Nothing_of_OpenTelemetry_is_loaded_where_no_variable_asks_for_it()
    {
        using var study = New(intervals: 1000);
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("interval_completed");
        var maps = await File.ReadAllTextAsync(System.FormattableString.Invariant($"/proc/{study.Processes().Single(static p => p.IsWorker).Pid}/maps"));
        run.Send(Signal.Interrupt);
        (await run.EndAsync(study.Describe)).Expect(3);

        Assert.Contains("Pbt.Runtime.dll", maps, StringComparison.Ordinal);
        Assert.DoesNotContain("OpenTelemetry", maps, StringComparison.Ordinal);
    }

    private static Study New(int intervals, string trainer = Trainers.Deterministic) => new Study()
        .Script("train.sh", trainer)
        .Spec(Trainers.Spec(population: 4, intervals: intervals, seconds: 0.02, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }"));

    /// <summary>What is at the end of a path through lists, of all messages.</summary>
    private static List<JsonElement> All(JsonElement messages, params string[] path)
    {
        IEnumerable<JsonElement> found = messages.EnumerateArray();
        foreach (var key in path)
            found = found.SelectMany(item => item.TryGetProperty(key, out var inner) ? (IEnumerable<JsonElement>)inner.EnumerateArray() : []);

        return [.. found];
    }

    private static string? Attribute(JsonElement of, string key) =>
        of.GetProperty("attributes").EnumerateArray().FirstOrDefault(a => a.GetProperty("key").GetString() == key) is { ValueKind: not JsonValueKind.Undefined } found
            ? found.GetProperty("value").EnumerateObject().Single().Value.ToString()
            : null;

    /// <summary>What a counter came to: the last that each process sent, added up.</summary>
    private static long Total(JsonElement sent, string name) => sent.GetProperty("metrics").EnumerateArray()
        .SelectMany(static message => message.GetProperty("resource_metrics").EnumerateArray())
        .GroupBy(static r => Attribute(r.GetProperty("resource"), "service.instance.id"), StringComparer.Ordinal)
        .Sum(process => process
            .SelectMany(static r => r.GetProperty("scope_metrics").EnumerateArray())
            .SelectMany(static s => s.GetProperty("metrics").EnumerateArray())
            .Where(m => m.GetProperty("name").GetString() == name)
            .TakeLast(1)
            .SelectMany(static m => m.GetProperty("sum").GetProperty("data_points").EnumerateArray())
            .Sum(static point => long.Parse(point.GetProperty("as_int").GetString()!, CultureInfo.InvariantCulture)));
}

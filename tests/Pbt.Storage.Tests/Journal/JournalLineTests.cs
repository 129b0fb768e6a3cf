using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Storage.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Journal;

/// <summary>The format of a line is frozen: what is written today must be readable for good.</summary>
public sealed class JournalLineTests
{
    [Fact]
    public void Checksum_OfTheStandardsExample_IsTheStandards() => Assert.Equal(0xe3069283u, Crc32C.Of("123456789"u8));

    [Fact]
    public void Names_AreTheRecordsNames_InSnakeCase()
    {
        var records = typeof(StudyEvent).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(StudyEvent)));
        Assert.Equal(
            records.Select(static type => (JsonNamingPolicy.SnakeCaseLower.ConvertName(type.Name), type)).OrderBy(static e => e.Item1, StringComparer.Ordinal),
            EventNames.All.OrderBy(static e => e.Name, StringComparer.Ordinal));
    }

    public static TheoryData<string, StudyEvent> Lines() => new()
    {
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"attempt_started","data":{"attempt":7,"member":3,"interval":2,"worker":"w-1","checkpoint_in":"m0003/i000001-a000123","seed":42},"checksum":"?"}""",
            new AttemptStarted(new(7), new(3), 2, new("w-1"), new CheckpointId(new(3), 1, new(123)), 42)
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"interval_completed","data":{"attempt":7,"score":0.1,"steps":4096,"seconds":12,"samples":[1,-2.5E-300],"metrics":{"loss":"NaN"}},"checksum":"?"}""",
            new IntervalCompleted(new(7), 0.1, 4096, 12, [1, -2.5e-300], ImmutableSortedDictionary<string, double>.Empty.Add("loss", double.NaN))
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"interval_completed","data":{"attempt":7,"score":-1,"steps":0,"seconds":0},"checksum":"?"}""",
            new IntervalCompleted(new(7), -1, 0, 0, [], ImmutableSortedDictionary<string, double>.Empty)
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"member_decided","data":{"member":3,"interval":2,"action":"exploit","donor":1,"checkpoint":"m0001/i000002-a000006","hyperparameters":{"b":1.0,"a":1,"c":0.0,"d":1E+300,"e":true,"f":"\"ü\n"}},"checksum":"?"}""",
            new MemberDecided(new(3), 2, MemberAction.Exploit, new(1), new CheckpointId(new(1), 2, new(6)), new(
            [
                new("b", HyperparameterValue.Of(1.0)), new("a", HyperparameterValue.Of(1)), new("c", HyperparameterValue.Of(-0.0)),
                new("d", HyperparameterValue.Of(1e300)), new("e", HyperparameterValue.Of(truth: true)), new("f", HyperparameterValue.Of("\"ü\n")),
            ]))
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"member_decided","data":{"member":3,"interval":2,"action":"continue"},"checksum":"?"}""",
            new MemberDecided(new(3), 2, MemberAction.Continue, Donor: null, Checkpoint: null, Hyperparameters: null)
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"worker_joined","data":{"worker":"w-1","host":"h","pid":5,"start_time":9,"slots":2},"checksum":"?"}""",
            new WorkerJoined(new("w-1"), "h", 5, BootId: null, 9, 2)
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"attempt_failed","data":{"attempt":7,"kind":"timed_out","reason":"r","exhausted":false},"checksum":"?"}""",
            new AttemptFailed(new(7), FailureKind.TimedOut, "r", LogTail: null, Exhausted: false)
        },
        {
            """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"study_ended","data":{"outcome":"completed","reason":"r"},"checksum":"?"}""",
            new StudyEnded(StudyOutcome.Completed, "r")
        },
        { """{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"study_paused","data":{},"checksum":"?"}""", new StudyPaused() },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Write_AnEvent_GivesTheFrozenText(string line, StudyEvent happened)
    {
        var expected = line[..line.IndexOf(",\"checksum\"", StringComparison.Ordinal)];
        var written = Encoding.UTF8.GetString(JournalText.Line(12, happened));

        Assert.Equal(expected, written[..written.IndexOf(",\"checksum\"", StringComparison.Ordinal)]);
        Assert.Equal(Encoding.UTF8.GetString(JournalText.Seal(expected)), written);
        Assert.Equal(happened, Read(JournalText.Seal(expected)).Event, StudyEventComparer.Instance);
    }

    [Fact]
    public void Write_NotTheLastOfItsTransaction_SaysMore()
    {
        var line = JournalText.Line(1, new StudyPaused(), more: true);

        Assert.Contains("\"data\":{},\"more\":true,\"checksum\":", Encoding.UTF8.GetString(line), StringComparison.Ordinal);
        JournalLine.Read(line.AsSpan()[..^1], new TextPool(), out var more);
        Assert.True(more);
    }

    [Theory]
    [MemberData(nameof(Lines))]
    public void Read_UnknownProperties_AreIgnored(string line, StudyEvent happened)
    {
        var beginning = line[..line.IndexOf(",\"checksum\"", StringComparison.Ordinal)];
        var extended = beginning.Replace("\"data\":{", beginning.EndsWith("{}}", StringComparison.Ordinal) || beginning.Contains("\"data\":{}", StringComparison.Ordinal)
            ? "\"data\":{\"later\":[1,{\"member\":2}]"
            : "\"data\":{\"later\":[1,{\"member\":2}],", StringComparison.Ordinal);

        Assert.Equal(happened, Read(JournalText.Seal(extended)).Event, StudyEventComparer.Instance);
    }

    [Theory]
    [InlineData("attempt_started", """{"attempt":7,"member":3,"interval":2,"worker":"w-1"}""")]
    [InlineData("attempt_started", """{"attempt":7,"member":3,"interval":2,"worker":null,"seed":1}""")]
    [InlineData("attempt_started", """{"attempt":7,"member":3,"interval":2,"worker":"w","seed":1,"checkpoint_in":"m1/i2"}""")]
    [InlineData("attempt_started", """{"attempt":7,"member":99999999999,"interval":2,"worker":"w","seed":1}""")]
    [InlineData("interval_completed", """{"attempt":7,"score":"high","steps":1,"seconds":1}""")]
    [InlineData("member_decided", """{"member":3,"interval":2,"action":"flee"}""")]
    [InlineData("member_decided", """{"member":3,"interval":2,"action":"explore","hyperparameters":{"a":[1]}}""")]
    [InlineData("worker_left", """{}""")]
    [InlineData("worker_left", """[]""")]
    [InlineData("attempt_failed", """{"attempt":7,"kind":3,"reason":"r","exhausted":false}""")]
    [InlineData("worker_lost", """{"worker":"w","reason":null}""")]
    [InlineData("study_paused", """{},"unknown":1""")]
    [InlineData("study_paused", "{}}")]
    [InlineData("study_paused", "")]
    [InlineData("study_created", """{"format":1,"spec":{},"pbt_version":"1"}""")]
    public void Read_DataThatIsNotItsTypes_Throws(string type, string data) =>
        Assert.ThrowsAny<JsonException>(() => Read(JournalText.Seal($$"""{"version":12,"time":"2026-11-21T04:32:01.1234567Z","type":"{{type}}","data":{{data}}""")));

    [Theory]
    [InlineData("""{"version":0,"time":"2026-11-21T04:32:01.1234567Z","type":"study_paused","data":{}""")]
    [InlineData("""{"version":1,"time":"2026-11-21T04:32:01.1234567+01:00","type":"study_paused","data":{}""")]
    [InlineData("""{"version":1,"time":"yesterday","type":"study_paused","data":{}""")]
    [InlineData("""{ "version":1,"time":"2026-11-21T04:32:01.1234567Z","type":"study_paused","data":{}""")]
    [InlineData("""{"time":"2026-11-21T04:32:01.1234567Z","version":1,"type":"study_paused","data":{}""")]
    [InlineData("{")]
    [InlineData("")]
    public void Read_AnotherEnvelope_Throws(string beginning) => Assert.ThrowsAny<JsonException>(() => Read(JournalText.Seal(beginning)));

    private static RecordedEvent Read(byte[] line) => JournalLine.Read(line.AsSpan()[..^1], new TextPool(), out _);
}

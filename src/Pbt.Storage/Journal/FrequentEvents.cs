using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Storage.Journal;

/// <summary>The three events that make up nearly all of a journal, read by hand: no boxing, and names are not made anew.</summary>
/// <remarks>
/// Properties may come in any order; unknown ones are skipped. What is missing throws <see cref="JsonException"/>.
/// </remarks>
internal static class FrequentEvents
{
    public static AttemptStarted ReadAttemptStarted(ref Utf8JsonReader json, TextPool pool)
    {
        long? attempt = null;
        int? member = null, interval = null, seed = null;
        string? worker = null;
        CheckpointId? checkpoint = null;
        while (NextProperty(ref json))
        {
            if (Is(ref json, "attempt"u8))
                attempt = json.GetInt64();
            else if (Is(ref json, "member"u8))
                member = json.GetInt32();
            else if (Is(ref json, "interval"u8))
                interval = json.GetInt32();
            else if (Is(ref json, "worker"u8))
                worker = pool.Get(ref json);
            else if (Is(ref json, "checkpoint_in"u8))
                checkpoint = CheckpointIdText.Read(json.ValueSpan);
            else if (Is(ref json, "seed"u8))
                seed = json.GetInt32();
            else
                SkipValue(ref json);
        }

        return new(new(Need(attempt)), new(Need(member)), Need(interval), new(worker ?? throw Missing()), checkpoint, Need(seed));
    }

    public static IntervalCompleted ReadIntervalCompleted(ref Utf8JsonReader json, TextPool pool)
    {
        long? attempt = null, steps = null;
        double? score = null, seconds = null;
        ImmutableArray<double> samples = [];
        var metrics = ImmutableSortedDictionary<string, double>.Empty;
        while (NextProperty(ref json))
        {
            if (Is(ref json, "attempt"u8))
                attempt = json.GetInt64();
            else if (Is(ref json, "score"u8))
                score = NumberJson.Read(ref json);
            else if (Is(ref json, "steps"u8))
                steps = json.GetInt64();
            else if (Is(ref json, "seconds"u8))
                seconds = NumberJson.Read(ref json);
            else if (Is(ref json, "samples"u8))
                samples = NumberJson.ReadArray(ref json);
            else if (Is(ref json, "metrics"u8))
                metrics = NumberJson.ReadObject(ref json, pool);
            else
                SkipValue(ref json);
        }

        return new(new(Need(attempt)), Need(score), Need(steps), Need(seconds), samples, metrics);
    }

    public static MemberDecided ReadMemberDecided(ref Utf8JsonReader json, TextPool pool)
    {
        int? member = null, interval = null, donor = null;
        MemberAction? action = null;
        CheckpointId? checkpoint = null;
        Hyperparameters? hyperparameters = null;
        long? basedOn = null;
        string? request = null;
        while (NextProperty(ref json))
        {
            if (Is(ref json, "member"u8))
                member = json.GetInt32();
            else if (Is(ref json, "interval"u8))
                interval = json.GetInt32();
            else if (Is(ref json, "action"u8))
                action = ReadAction(ref json);
            else if (Is(ref json, "donor"u8))
                donor = json.GetInt32();
            else if (Is(ref json, "checkpoint"u8))
                checkpoint = CheckpointIdText.Read(json.ValueSpan);
            else if (Is(ref json, "hyperparameters"u8))
                hyperparameters = HyperparametersReader.Read(ref json, pool);
            else if (Is(ref json, "based_on"u8))
                basedOn = json.GetInt64();
            else if (Is(ref json, "request"u8))
                request = json.GetString();
            else
                SkipValue(ref json);
        }

        var from = donor is { } given ? new MemberId(given) : (MemberId?)null;
        return new(new(Need(member)), Need(interval), Need(action), from, checkpoint, hyperparameters)
        {
            Proposal = basedOn is { } version ? new Proposal(version, request) : null,
        };
    }

    public static void Write(Utf8JsonWriter json, AttemptStarted e)
    {
        json.WriteStartObject();
        json.WriteNumber("attempt"u8, e.Attempt.Value);
        json.WriteNumber("member"u8, e.Member.Value);
        json.WriteNumber("interval"u8, e.Interval);
        json.WriteString("worker"u8, e.Worker.Value);
        if (e.CheckpointIn is { } checkpoint)
            json.WriteString("checkpoint_in"u8, checkpoint.ToString());

        json.WriteNumber("seed"u8, e.Seed);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, IntervalCompleted e)
    {
        json.WriteStartObject();
        json.WriteNumber("attempt"u8, e.Attempt.Value);
        json.WritePropertyName("score"u8);
        NumberJson.Write(json, e.Score);
        json.WriteNumber("steps"u8, e.Steps);
        json.WritePropertyName("seconds"u8);
        NumberJson.Write(json, e.Seconds);
        NumberJson.WriteArray(json, "samples"u8, e.Samples);
        NumberJson.WriteObject(json, "metrics"u8, e.Metrics);
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, MemberDecided e)
    {
        json.WriteStartObject();
        json.WriteNumber("member"u8, e.Member.Value);
        json.WriteNumber("interval"u8, e.Interval);
        json.WriteString("action"u8, WordFor(e.Action));
        if (e.Donor is { } donor)
            json.WriteNumber("donor"u8, donor.Value);

        if (e.Checkpoint is { } checkpoint)
            json.WriteString("checkpoint"u8, checkpoint.ToString());

        if (e.Hyperparameters is { } hyperparameters)
        {
            json.WritePropertyName("hyperparameters"u8);
            HyperparametersJson.Write(json, hyperparameters);
        }

        if (e.Proposal is { } proposal)
        {
            json.WriteNumber("based_on"u8, proposal.BasedOn);
            if (proposal.Request is { } request)
                json.WriteString("request"u8, request);
        }

        json.WriteEndObject();
    }

    private static ReadOnlySpan<byte> WordFor(MemberAction action) => action switch
    {
        MemberAction.Continue => "continue"u8,
        MemberAction.Explore => "explore"u8,
        MemberAction.Exploit => "exploit"u8,
        MemberAction.Rescue => "rescue"u8,
        _ => throw new NotSupportedException($"The journal has no word for {action}."),
    };

    private static MemberAction ReadAction(ref Utf8JsonReader json)
    {
        foreach (var action in (ReadOnlySpan<MemberAction>)[MemberAction.Continue, MemberAction.Exploit, MemberAction.Explore, MemberAction.Rescue])
        {
            if (json.ValueTextEquals(WordFor(action)))
                return action;
        }

        throw new JsonException($"There is no action '{json.GetString()}'.");
    }

    private static bool NextProperty(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Whether the property has this name; if so, the reader stands on its value.</summary>
    private static bool Is(ref Utf8JsonReader json, ReadOnlySpan<byte> name) => json.ValueTextEquals(name) && json.Read();

    private static void SkipValue(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    private static T Need<T>(T? value)
        where T : struct => value ?? throw Missing();

    private static JsonException Missing() => new("A property is missing.");
}

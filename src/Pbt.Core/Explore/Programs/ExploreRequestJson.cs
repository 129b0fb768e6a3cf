using System.Buffers;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;
using Pbt.Core.Studies.Writing;

namespace Pbt.Core.Explore.Programs;

/// <summary>Writes what an explore program is handed.</summary>
/// <remarks>
/// The same bytes for the same decisions so far: nothing in them depends on time, on workers, or on attempts that were lost.
/// </remarks>
internal static class ExploreRequestJson
{
    private const int Protocol = 1;

    /// <summary>The object, with at most so many of the last intervals of each member.</summary>
    public static ReadOnlyMemory<byte> Write(ExploreContext context, int history)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            WriteQuestion(json, context);
            json.WriteStartObject("hyperparameters");
            foreach (var definition in context.Space.Definitions)
            {
                json.WriteStartObject(definition.Name);
                SpaceWriter.WriteDefinition(json, definition);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            json.WriteStartArray("population");
            foreach (var member in context.State.Members)
                WriteMember(json, member, history);

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    private static void WriteQuestion(Utf8JsonWriter json, ExploreContext context)
    {
        var spec = context.State.Spec;
        json.WriteNumber("protocol", Protocol);
        json.WriteString("study", spec.Name);
        json.WriteString("metric", spec.Objective.Metric);
        json.WriteString("goal", Vocabulary.Goal.WordFor(spec.Objective.Goal));
        json.WriteNumber("seed", context.Random.NextInt(int.MaxValue));
        json.WriteNumber("member", context.Member.Id.Value);
        json.WriteNumber("interval", context.Member.Intervals);
        json.WriteBoolean("failed", context.Member.LastIntervalFailed);
        WriteMemberId(json, "donor", context.Donor?.Member);
        json.WritePropertyName("from");
        HyperparametersJson.Write(json, context.From);
    }

    private static void WriteMember(Utf8JsonWriter json, MemberState member, int history)
    {
        json.WriteStartObject();
        json.WriteNumber("member", member.Id.Value);
        json.WriteBoolean("training", member.Phase is MemberPhase.Ready or MemberPhase.Running);
        json.WritePropertyName("hyperparameters");
        HyperparametersJson.Write(json, member.Hyperparameters);
        json.WriteStartArray("history");
        for (var i = Math.Max(0, member.History.Count - history); i < member.History.Count; i++)
            WriteInterval(json, member.History[i]);

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteInterval(Utf8JsonWriter json, IntervalRecord record)
    {
        json.WriteStartObject();
        json.WriteNumber("interval", record.Interval);
        if (record.Score is { } score)
            json.WriteFloat("score", score);
        else
            json.WriteNull("score");

        if (record.Smoothed is { } smoothed)
            json.WriteFloat("smoothed", smoothed);

        json.WriteNumber("steps", record.Steps);
        json.WriteNumber("lineage_steps", record.LineageSteps);
        WriteMemberId(json, "donor", record.Donor);
        if (record.Start is { } start)
        {
            json.WriteStartObject("start");
            json.WriteNumber("member", start.Member.Value);
            json.WriteNumber("interval", start.Interval);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("start");
        }

        json.WritePropertyName("hyperparameters");
        HyperparametersJson.Write(json, record.Hyperparameters);
        json.WriteEndObject();
    }

    private static void WriteMemberId(Utf8JsonWriter json, string name, MemberId? member)
    {
        if (member is { } id)
            json.WriteNumber(name, id.Value);
        else
            json.WriteNull(name);
    }
}

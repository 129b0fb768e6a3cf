using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.Studies.Reading;
using Pbt.Core.Studies.Writing;

namespace Pbt.Core.Studies;

/// <summary>Writes a spec as canonical JSON, which <see cref="SpecReader"/> reads back.</summary>
/// <remarks>
/// One line; keys in a fixed order; every default written out; what is not set (no limit, no second program) is absent.
/// Two specs mean the same exactly when their canonical texts are equal: compare texts, for a spec's own equality
/// compares lists by reference.
/// </remarks>
public static class SpecWriter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The canonical text.</summary>
    public static string ToJson(StudySpec spec)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(json, spec);

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void Write(Utf8JsonWriter json, StudySpec spec)
    {
        json.WriteStartObject();
        json.WriteString("name", spec.Name);
        json.WriteNumber("seed", spec.Seed);
        json.WriteNumber("population", spec.Population);
        json.WriteString("mode", Vocabulary.Mode.WordFor(spec.Mode));
        json.WriteString("compare", Vocabulary.Compare.WordFor(spec.Compare));
        json.WriteOptional("max_lead", spec.MaxLead);
        WriteLimits(json, spec);
        SpaceWriter.Write(json, spec);
        WriteAncestor(json, spec.Ancestor);
        StrategyWriter.Exploit(json, spec.Exploit);
        StrategyWriter.Explore(json, spec.Explore);
        ProgramWriter.Trainer(json, spec.Trainer);
        if (spec.Evaluate is { } evaluate)
            ProgramWriter.Evaluate(json, evaluate);

        WriteWork(json, spec);
        json.WriteEndObject();
    }

    private static void WriteLimits(Utf8JsonWriter json, StudySpec spec)
    {
        json.WriteStartObject("objective");
        json.WriteString("metric", spec.Objective.Metric);
        json.WriteString("goal", Vocabulary.Goal.WordFor(spec.Objective.Goal));
        StrategyWriter.Smoothing(json, spec.Objective.Smoothing);
        json.WriteEndObject();

        json.WriteStartObject("interval");
        json.WriteOptional("steps", spec.Interval.Steps);
        json.WriteOptional("seconds", spec.Interval.Seconds);
        json.WriteEndObject();

        json.WriteStartObject("budget");
        json.WriteOptional("intervals", spec.Budget.Intervals);
        json.WriteOptional("score", spec.Budget.Score);
        json.WriteOptional("wall_clock", spec.Budget.WallClock);
        json.WriteOptional("total_steps", spec.Budget.TotalSteps);
        json.WriteEndObject();

        json.WriteStartObject("burn_in");
        json.WriteNumber("intervals", spec.BurnIn);
        json.WriteEndObject();
    }

    private static void WriteAncestor(Utf8JsonWriter json, AncestorSpec? ancestor)
    {
        if (ancestor is null)
            return;

        json.WriteStartObject("ancestor");
        json.WriteString("study", ancestor.Study);
        json.WriteString("directory", ancestor.Directory);
        json.WriteNumber("interval", ancestor.Interval);
        json.WriteEndObject();
    }

    private static void WriteWork(Utf8JsonWriter json, StudySpec spec)
    {
        json.WriteStartObject("resources");
        json.WriteOptional("slots", spec.Resources.Slots);
        if (spec.Resources.Gpus is { Count: > 0 } gpus)
        {
            json.WriteStartArray("gpus");
            foreach (var gpu in gpus)
                json.WriteNumberValue(gpu);
            json.WriteEndArray();
        }
        else
        {
            json.WriteString("gpus", spec.Resources.Gpus is null ? "auto" : "none");
        }

        json.WriteNumber("gpus_per_member", spec.Resources.GpusPerMember);
        json.WriteNumber("members_per_gpu", spec.Resources.MembersPerGpu);
        json.WriteEndObject();

        json.WriteStartObject("checkpoints");
        json.WriteNumber("keep_last", spec.Checkpoints.KeepLast);
        json.WriteNumber("keep_best", spec.Checkpoints.KeepBest);
        if (spec.Checkpoints.Every == 1)
            json.WriteString("keep", "all");
        else
            json.WriteOptional("every", spec.Checkpoints.Every);

        json.WriteBoolean("verify", spec.Checkpoints.Verify);
        json.WriteBoolean("sync", spec.Checkpoints.Sync);
        if (spec.Checkpoints.Store is { } store)
        {
            json.WriteString("store", store.Address);
            if (store.Endpoint is { } endpoint)
                json.WriteString("endpoint", endpoint);

            if (store.Region is { } region)
                json.WriteString("region", region);
        }

        json.WriteEndObject();

        json.WriteOptional("lease", spec.Lease);
        HookWriter.Write(json, spec.Hooks);
        BackendWriter.Write(json, spec.Backend);
    }
}

using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Output;

/// <summary>A hyperparameter schedule for programs: JSON, YAML and CSV, every value to its last digit.</summary>
internal static class ScheduleFormats
{
    /// <summary>Writes the change points, and a row for each interval as <c>pbt best --json</c> has them.</summary>
    public static void WriteJson(Utf8JsonWriter writer, StudyState state, MemberId? member, ImmutableArray<LineageStep> lineage)
    {
        writer.WriteStartObject();
        writer.WriteString("study", state.Spec.Name);
        writer.WriteMember("member", member);
        writer.WriteStartArray("changes");
        foreach (var stretch in Lineage.Schedule(lineage))
        {
            writer.WriteStartObject();
            writer.WriteNumber("from_step", stretch.FirstStep);
            writer.WriteNumber("steps", stretch.Steps);
            writer.WriteNumber("member", stretch.Member.Value);
            writer.WriteNumber("first_interval", stretch.FirstInterval);
            writer.WriteNumber("last_interval", stretch.LastInterval);
            writer.WriteHyperparameters(stretch.Hyperparameters);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        BestJson.WriteSchedule(writer, lineage);
        writer.WriteEndObject();
    }

    /// <summary>Writes a list of change points; the hyperparameters are flow mappings, which are JSON.</summary>
    public static void WriteYaml(TextWriter output, ImmutableArray<ScheduleStretch> schedule)
    {
        if (schedule.IsEmpty)
            output.WriteLine("[]");

        foreach (var stretch in schedule)
        {
            output.WriteLine($"- from_step: {stretch.FirstStep}");
            output.WriteLine($"  steps: {stretch.Steps}");
            output.WriteLine($"  member: {stretch.Member.Value}");
            output.WriteLine($"  first_interval: {stretch.FirstInterval}");
            output.WriteLine($"  last_interval: {stretch.LastInterval}");
            output.WriteLine("  hyperparameters:");
            foreach (var (name, value) in stretch.Hyperparameters)
                output.WriteLine($"    {name}: {Yaml(value)}");
        }
    }

    /// <summary>Writes the change points with a column for each hyperparameter.</summary>
    public static void WriteCsv(TextWriter output, ImmutableArray<ScheduleStretch> schedule, SearchSpace space)
    {
        string[] leading = ["from_step", "steps", "member", "first_interval", "last_interval"];
        output.WriteLine(string.Join(',', leading.Concat(space.Definitions.Select(static d => CsvField.Quoted(d.Name)))));
        foreach (var stretch in schedule)
        {
            long[] numbers = [stretch.FirstStep, stretch.Steps, stretch.Member.Value, stretch.FirstInterval, stretch.LastInterval];
            var values = space.Definitions.Select(d => stretch.Hyperparameters.TryGet(d.Name, out var value) ? CsvField.Quoted(value.ToString()) : string.Empty);
            output.WriteLine(string.Join(',', numbers.Select(static n => n.ToString(CultureInfo.InvariantCulture)).Concat(values)));
        }
    }

    /// <summary>Writes Ray Tune's policy file: a row for each change; an interval counts as one training iteration.</summary>
    /// <remarks>
    /// <c>[target_tag, donor_tag, target_last_iter, donor_last_iter, donor_config, new_config]</c>: its Replay begins with the first
    /// row's donor config and changes to each new config after the donor's iteration. A schedule without a change is a row that
    /// changes nothing.
    /// </remarks>
    public static void WriteRay(TextWriter output, ImmutableArray<LineageStep> lineage)
    {
        for (var i = 1; i < lineage.Length; i++)
        {
            var (before, after) = (lineage[i - 1], lineage[i]);
            if (!before.Record.Hyperparameters.Equals(after.Record.Hyperparameters) || before.Member != after.Member)
                WriteRayRow(output, after, before, after.Record.Interval - 1, i);
        }

        if (Lineage.Schedule(lineage).Length == 1)
            WriteRayRow(output, lineage[0], lineage[0], 0, 0);
    }

    /// <summary>A row of Ray Tune's <c>pbt_policy_*.txt</c> and <c>pbt_global.txt</c>, without its line break.</summary>
    public static string RayRow(MemberId target, MemberId donor, int targetIteration, int donorIteration, Hyperparameters donorConfig, Hyperparameters newConfig) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"[\"{target}\", \"{donor}\", {targetIteration}, {donorIteration}, {HyperparametersJson.Text(donorConfig)}, {HyperparametersJson.Text(newConfig)}]");

    private static void WriteRayRow(TextWriter output, LineageStep target, LineageStep donor, int targetIteration, int donorIteration) =>
        output.WriteLine(RayRow(target.Member, donor.Member, targetIteration, donorIteration, donor.Record.Hyperparameters, target.Record.Hyperparameters));

    /// <summary>YAML 1.1 takes <c>1E-05</c> for a text: a float gets its point.</summary>
    private static string Yaml(HyperparameterValue value)
    {
        if (value.Kind == HyperparameterValueKind.Float)
        {
            var text = value.ToString();
            var exponent = text.IndexOf('E', StringComparison.Ordinal);
            return text.Contains('.', StringComparison.Ordinal) ? text : exponent < 0 ? text + ".0" : text.Insert(exponent, ".0");
        }

        if (value.Kind != HyperparameterValueKind.Text)
            return value.ToString();

        // A JSON text is a double-quoted YAML text.
        var one = HyperparametersJson.Text(new Hyperparameters([new("v", value)]));
        return one["{\"v\":".Length..^1];
    }
}

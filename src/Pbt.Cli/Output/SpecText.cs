using System.Globalization;
using System.Text.Json;
using Pbt.Core.Hooks;
using Pbt.Core.Studies;

namespace Pbt.Cli.Output;

/// <summary>What <c>pbt validate</c> prints.</summary>
internal static class SpecText
{
    /// <summary>Writes a summary of a valid spec.</summary>
    public static void Write(TextWriter output, string path, StudySpec spec, int width)
    {
        output.WriteLine($"OK: {path} is a valid spec");
        StudyText.Field(output, "study", $"{spec.Name}, seed {spec.Seed.ToString(CultureInfo.InvariantCulture)}", width);
        StudyText.Field(output, "population", $"{Words.Members(spec)}, {Words.Lower(spec.Mode)}", width);
        StudyText.Field(output, "objective", $"{Words.Lower(spec.Objective.Goal)} {Words.OneLine(spec.Objective.Metric)}{Smoothing(spec.Objective.Smoothing)}", width);
        StudyText.Field(output, "interval", spec.Interval.Steps is { } steps ? Words.Count(steps, "step") : $"{Words.Score(spec.Interval.Seconds)} seconds", width);
        StudyText.Field(output, "budget", Budget(spec), width);
        using (var canonical = JsonDocument.Parse(SpecWriter.ToJson(spec)))
        {
            StudyText.Field(output, "exploit", Strategy(canonical.RootElement.GetProperty("exploit")), width);
            StudyText.Field(output, "explore", Strategy(canonical.RootElement.GetProperty("explore")), width);
        }

        StudyText.Field(output, "trainer", Trainer(spec.Trainer), width);
        if (Named(spec.Trainer) is { Length: > 0 } named)
            StudyText.Field(output, "environment", named, width);

        foreach (var (kind, command) in spec.Hooks.Commands)
            StudyText.Field(output, "hook", $"{HookWords.Of(kind)}: {Words.OneLine(string.Join(' ', command.SelectMany(static a => a.Parts)))}", width);

        var table = new TextTable(new Column("hyperparameter"), new Column("values"));
        foreach (var definition in spec.Hyperparameters.Definitions)
            table.Add(definition.Name, Words.OneLine(definition.Describe()));

        output.WriteLine();
        table.WriteTo(output, width);
    }

    /// <summary>Writes the verdict, every error with its place, and what this machine lacks to run the study.</summary>
    public static void WriteJson(Utf8JsonWriter writer, string path, SpecResult result, IReadOnlyList<string> here)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("valid", result is SpecResult.Valid);
        writer.WriteString("file", path);
        writer.WriteString("study", (result as SpecResult.Valid)?.Spec.Name);
        writer.WriteStartArray("errors");
        foreach (var error in result is SpecResult.Invalid invalid ? invalid.Errors : [])
        {
            writer.WriteStartObject();
            writer.WriteString("file", error.File);
            writer.WriteNumber("line", error.Line);
            writer.WriteNumber("column", error.Column);
            writer.WriteString("path", error.Path);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("problems_here");
        foreach (var problem in here)
            writer.WriteStringValue(problem);

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static string Smoothing(SmoothingSpec smoothing) => smoothing switch
    {
        MeanSmoothing mean => $", compared by the mean of the last {Words.Count(mean.Window, "score")}",
        ExponentialSmoothing exponential => $", compared by exponentially smoothed scores (alpha {Words.Score(exponential.Alpha)})",
        _ => string.Empty,
    };

    /// <summary>A strategy with every value that it goes by, those of a preset and of defaults included.</summary>
    private static string Strategy(JsonElement section)
    {
        var keys = section.EnumerateObject().Where(static p => p.Name is not "strategy").Select(static p => $"{p.Name} {Plain(p.Value)}").ToList();
        var strategy = section.GetProperty("strategy").GetString();
        return Words.OneLine(keys.Count == 0 ? $"{strategy}" : $"{strategy}: {string.Join(", ", keys)}");
    }

    private static string Plain(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array when value.GetArrayLength() is var length and > 8 => string.Create(CultureInfo.InvariantCulture, $"({length} entries)"),
        _ => value.GetRawText(),
    };

    private static string Budget(StudySpec spec)
    {
        var limits = new List<string>();
        if (spec.Budget.Intervals is { } intervals)
            limits.Add($"{Words.Count(intervals, "interval")} of each member ({StudyProgress.BudgetOf(spec)} in all)");

        if (spec.Budget.Score is { } score)
            limits.Add($"a score of {Words.Score(score)}");

        if (spec.Budget.WallClock is { } wallClock)
            limits.Add($"{Words.Duration(wallClock)} of work");

        if (spec.Budget.TotalSteps is { } steps)
            limits.Add($"{Words.Count(steps)} steps in all");

        return string.Join(", or ", limits);
    }

    /// <summary>The variables that workers take from their own environment, by name.</summary>
    private static string Named(TrainerSpec trainer) => trainer is not ProgramTrainerSpec command ? string.Empty : string.Join(
        ", ",
        command.Environment
            .Select(static v => v.Value is FromEnvironmentValue named ? $"{Words.OneLine(v.Key)} from the worker's {named.Name}" : null)
            .OfType<string>());

    private static string Trainer(TrainerSpec trainer) => trainer switch
    {
        ProgramTrainerSpec command => Words.OneLine(string.Join(' ', command.Command.SelectMany(static a => a.Parts))),
        BuiltinTrainerSpec builtin => $"the built-in {builtin.Builtin}",
        _ => "a class of the hosting program",
    };
}

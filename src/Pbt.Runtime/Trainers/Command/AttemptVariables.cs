using System.Globalization;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>What a command trainer is told: its placeholders and its environment.</summary>
/// <remarks>Pure. The names are the trainer contract (docs/trainers.md).</remarks>
public static class AttemptVariables
{
    /// <summary>The file with the hyperparameters as a JSON object, in an attempt's scratch directory.</summary>
    public const string HyperparametersFile = "hyperparameters.json";

    /// <summary>The file that takes the result, in an attempt's scratch directory.</summary>
    public const string ResultFile = "result.json";

    /// <summary>The file that takes the evaluation's result, in an attempt's scratch directory.</summary>
    public const string EvaluationResultFile = "evaluation.json";

    /// <summary>The file that takes progress lines, in an attempt's scratch directory.</summary>
    public const string MetricsFile = "metrics.jsonl";

    /// <summary>The values of all placeholders.</summary>
    public static IReadOnlyDictionary<string, string> PlaceholdersOf(AttemptContext context, string resultPath)
    {
        var assignment = context.Assignment;
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["checkpoint_in"] = context.CheckpointIn ?? string.Empty,
            ["checkpoint_out"] = context.CheckpointOut,
            ["steps"] = context.Spec.Interval.Steps?.ToString(CultureInfo.InvariantCulture) ?? string.Empty,
            ["seconds"] = context.Spec.Interval.Seconds?.ToString("R", CultureInfo.InvariantCulture) ?? string.Empty,
            ["member"] = assignment.Member.Value.ToString(CultureInfo.InvariantCulture),
            ["interval"] = assignment.Interval.ToString(CultureInfo.InvariantCulture),
            ["seed"] = assignment.Seed.ToString(CultureInfo.InvariantCulture),
            ["result"] = resultPath,
            ["metrics"] = Path.Combine(context.ScratchPath, MetricsFile),
            ["hyperparameters"] = Path.Combine(context.ScratchPath, HyperparametersFile),
        };
        foreach (var (name, value) in assignment.Hyperparameters)
            values[name] = value.ToString();

        return values;
    }

    /// <summary>The environment: what is inherited, then the spec's, then the slot's, then pbt's own.</summary>
    /// <exception cref="InvalidRequestException">A variable that the spec takes from the inherited ones is not among them.</exception>
    public static Dictionary<string, string> EnvironmentOf(
        AttemptContext context,
        IReadOnlyDictionary<string, string> inherited,
        IReadOnlyDictionary<string, string> placeholders)
    {
        var environment = TrainerEnvironmentOf(context, inherited, placeholders);
        foreach (var (variable, placeholder) in Variables)
            environment[variable] = placeholders[placeholder];

        return environment;
    }

    /// <summary>The environment without what is about the one attempt: what is inherited, then the spec's, then the slot's.</summary>
    /// <exception cref="InvalidRequestException">A variable that the spec takes from the inherited ones is not among them.</exception>
    public static Dictionary<string, string> TrainerEnvironmentOf(
        AttemptContext context,
        IReadOnlyDictionary<string, string> inherited,
        IReadOnlyDictionary<string, string> placeholders)
    {
        NamedVariables.Require(context.Spec, inherited, Environment.MachineName);
        var environment = new Dictionary<string, string>(inherited, StringComparer.Ordinal);
        if (context.Spec.Trainer is ProgramTrainerSpec trainer)
        {
            foreach (var (name, value) in trainer.Environment)
                environment[name] = value is FromEnvironmentValue named ? inherited[named.Name] : Placeholders.Fill(((TextValue)value).Template, placeholders);
        }

        foreach (var (name, value) in context.SlotEnvironment)
            environment[name] = value;

        return environment;
    }

    /// <summary>Writes the file with the hyperparameters.</summary>
    /// <exception cref="IOException">It could not be written.</exception>
    public static Task WriteHyperparametersAsync(AttemptContext context) =>
        File.WriteAllTextAsync(Path.Combine(context.ScratchPath, HyperparametersFile), HyperparametersJson.Text(context.Assignment.Hyperparameters), CancellationToken.None);

    private static readonly (string Variable, string Placeholder)[] Variables =
    [
        ("PBT_CHECKPOINT_IN", "checkpoint_in"),
        ("PBT_CHECKPOINT_OUT", "checkpoint_out"),
        ("PBT_STEPS", "steps"),
        ("PBT_SECONDS", "seconds"),
        ("PBT_MEMBER", "member"),
        ("PBT_INTERVAL", "interval"),
        ("PBT_SEED", "seed"),
        ("PBT_RESULT", "result"),
        ("PBT_METRICS", "metrics"),
        ("PBT_HYPERPARAMETERS", "hyperparameters"),
    ];
}

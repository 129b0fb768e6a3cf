using System.Globalization;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Backends.Submit;

/// <summary>The command lines of one study's jobs.</summary>
/// <remarks>Pure: each is a vector of arguments, and nothing splits or expands what stands for a placeholder.</remarks>
/// <param name="Templates">The command lines with their placeholders.</param>
/// <param name="Study">What the names of the study's jobs have in common.</param>
/// <param name="Worker">The command line of a worker.</param>
/// <param name="Directory">The study's directory where workers run.</param>
/// <param name="Slots">Attempts at a time in each worker.</param>
public sealed record JobCommands(JobTemplates Templates, string Study, IReadOnlyList<string> Worker, string Directory, int Slots)
{
    /// <summary>Whether a job can be asked for by its name alone.</summary>
    public bool AsksByName => !Uses("job") && Uses("name");

    /// <summary>The name of the n-th job.</summary>
    public string NameOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Study}-{number}");

    /// <summary>Where a job's output goes, if its command line says so.</summary>
    public string LogOf(string name) => LogIn(Directory, name);

    /// <summary>Where a job's output goes below a study's directory.</summary>
    public static string LogIn(string directory, string name) => $"{directory}/logs/jobs/{name}.log";

    /// <summary>Submits a job.</summary>
    public IReadOnlyList<string> Submit(string name)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = name,
            ["study"] = Study,
            [JobTemplates.Worker] = ShellText.CommandLine(Worker),
            ["directory"] = Directory,
            ["log"] = LogOf(name),
            ["slots"] = Slots.ToString(CultureInfo.InvariantCulture),
        };
        return [.. Templates.Submit.SelectMany(argument => argument.Parts is [$"{{{JobTemplates.WorkerArguments}}}"] ? Worker : Placeholders.Fill([argument], values))];
    }

    /// <summary>Asks for a job's state.</summary>
    public IReadOnlyList<string> Status(string name, string job) => Placeholders.Fill(Templates.Status, Values(name, job));

    /// <summary>Cancels a job.</summary>
    public IReadOnlyList<string> Cancel(string name, string job) => Placeholders.Fill(Templates.Cancel, Values(name, job));

    /// <summary>Whether <see cref="Status"/> asks for one job, rather than listing all.</summary>
    public bool AsksForOne => Names(Templates.Status).Any(static name => name is "job" or "name");

    private Dictionary<string, string> Values(string name, string job) => new(StringComparer.Ordinal) { ["job"] = job, ["name"] = name, ["study"] = Study };

    private bool Uses(string placeholder) =>
        Names(Templates.Status).Contains(placeholder, StringComparer.Ordinal) || (Templates.State switch
        {
            PatternRule { Pattern: var pattern } => pattern.Contains($"{{{placeholder}}}", StringComparison.Ordinal),
            JsonRule { Paths: var paths } => paths.Any(path => path.Contains($"{{{placeholder}}}", StringComparison.Ordinal)),
            _ => false,
        });

    private static IEnumerable<string> Names(IEnumerable<CommandArgument> arguments) =>
        arguments.SelectMany(static argument => argument.Parts).SelectMany(static part => ArgumentTemplate.TryParse(part, out _)!.Placeholders);
}

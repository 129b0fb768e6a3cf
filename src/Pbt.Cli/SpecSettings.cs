using System.CommandLine;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;

namespace Pbt.Cli;

/// <summary>Makes specs from others by <c>--set KEY=VALUE</c>.</summary>
internal static class SpecSettings
{
    /// <summary>The option; it may be given several times.</summary>
    public static Option<string[]> Option()
    {
        var option = new Option<string[]>("--set")
        {
            Description = "Set a key of the spec, dotted, to a value in YAML: --set explore.factors='[0.5, 2.0]'. May be given several times.",
            HelpName = "KEY=VALUE",
        };
        option.CompletionSources.Add([.. StudyPreset.All.Select(static preset => $"preset={preset.Name}")]);
        return option;
    }

    /// <summary>The keys and values.</summary>
    /// <param name="given">What the option was given.</param>
    /// <param name="reserved">Sections that cannot be set, each with the reason as a clause.</param>
    /// <exception cref="InvalidRequestException">One is no key and value, or its section cannot be set.</exception>
    public static List<KeyValuePair<string, string>> Parse(string[] given, IReadOnlyList<(string Section, string Reason)> reserved)
    {
        var settings = new List<KeyValuePair<string, string>>();
        foreach (var text in given)
        {
            var end = text.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
                throw new InvalidRequestException($"--set {Words.OneLine(text)} is no KEY=VALUE, such as --set budget.intervals=80");

            var key = text[..end].Trim();
            foreach (var (section, reason) in reserved)
            {
                if (new SpecChange(key, Old: null, New: null).IsIn(section))
                    throw new InvalidRequestException($"--set {Words.OneLine(key)}: {reason}");
            }

            settings.Add(new(key, text[(end + 1)..]));
        }

        return settings;
    }

    /// <summary>The spec with some keys set.</summary>
    /// <exception cref="InvalidRequestException">The result is no valid spec: the message lists every error.</exception>
    public static StudySpec Set(StudySpec spec, IReadOnlyList<KeyValuePair<string, string>> settings) =>
        SpecEdit.Set(spec, settings, Environment.CurrentDirectory) switch
        {
            SpecResult.Valid valid => valid.Spec,
            SpecResult.Invalid invalid => throw SpecFile.Invalid("that makes no valid spec", invalid),
            _ => throw new NotSupportedException(),
        };
}

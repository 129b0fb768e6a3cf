using System.CommandLine;
using System.Globalization;
using Pbt.Cli.Completion;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary>What the commands on an existing study have in common.</summary>
internal static class StudyCommand
{
    /// <summary>The argument that names the study.</summary>
    public static Argument<string> DirectoryArgument() => new Argument<string>("DIR") { Description = "The study's directory." }.CompletedByStudies();

    /// <summary>The argument that names one study or several.</summary>
    public static Argument<string[]> DirectoriesArgument() =>
        new Argument<string[]>("DIR") { Description = "The studies' directories.", Arity = ArgumentArity.OneOrMore }.CompletedByStudies();

    /// <summary>The option that asks for JSON.</summary>
    public static Option<bool> JsonOption() => new("--json") { Description = "Print JSON instead of text." };

    /// <summary>A command on a study whose whole work is to show its state, as text or as JSON.</summary>
    /// <param name="services">The world.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it shows.</param>
    /// <param name="show">Writes it; returns the exit code.</param>
    public static Command Reading(CliServices services, string name, string description, Func<OpenStudy, StudyState, bool, int> show)
    {
        var directory = DirectoryArgument();
        var json = JsonOption();
        var command = new Command(name, description) { directory, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            return show(study, state, parsed.GetValue(json));
        });
    }

    /// <summary>Finds a member by its index or name: <c>3</c> or <c>m3</c>.</summary>
    /// <exception cref="InvalidRequestException">The study has no such member.</exception>
    public static MemberState Member(StudyState state, string text)
    {
        var digits = text.StartsWith('m') ? text.AsSpan(1) : text;
        if (int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < state.Members.Count)
            return state.Members[index];

        throw new InvalidRequestException($"there is no member '{Words.OneLine(text)}': the study has m0 … m{state.Members.Count - 1}");
    }

    /// <summary>The error of a directory that holds no study.</summary>
    public static InvalidRequestException NoStudyIn(string directory)
    {
        if (directory.Contains("://", StringComparison.Ordinal))
            return new($"{directory} is an address: name the study's directory, whose `store` file has it; `pbt copy {directory} DIR` makes one with the events");

        return new(Directory.Exists(directory)
            ? $"there is no study in {directory}: it has no journal; `pbt run SPEC --dir {directory}` creates one"
            : $"there is no directory {directory}: name the directory of a study, as given to `pbt run SPEC --dir`");
    }
}

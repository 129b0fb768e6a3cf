using System.CommandLine;
using System.CommandLine.Completions;
using System.Globalization;
using System.Text;
using Pbt.Cli;
using Pbt.Cli.Help;

namespace Pbt.Docs.Tests.References;

/// <summary>Writes docs/commands.md from pbt's own commands.</summary>
internal static class CommandReference
{
    private const string Opening = """
        # Commands

        `pbt COMMAND --help` says the same on the terminal. Every command that only reads a study may be run at any time, while workers write it, and on any machine
        that sees it. DIR is a study's directory, by default `runs/NAME`. What is wrong is said in one line on standard error.
        A command that is interrupted and cannot end by itself within two seconds ends with exit code 130; those that train (`run`, `worker`, `replay`, `compare`, `sweep`) have all the
        time that their trainers may take.

        The examples can be run one after the other in a clone of the repository.

        | command | what it does |
        |---|---|

        """;

    /// <summary>The page.</summary>
    public static string Write()
    {
        var nowhere = new StringWriter();
        var root = PbtCommands.Create(new CliServices(static _ => throw new NotSupportedException(), TimeProvider.System, nowhere, nowhere));
        var page = new StringBuilder(Opening);
        foreach (var command in root.Subcommands)
            page.Append(CultureInfo.InvariantCulture, $"| [{command.Name}](#{command.Name}) | {Cell(command.Description)} |\n");

        foreach (var command in root.Subcommands)
            Write(page, command);

        return page.ToString();
    }

    private static void Write(StringBuilder page, Command command)
    {
        var note = CommandNote.Of(command.Name) ?? throw new InvalidOperationException($"There is no note of {command.Name}.");
        page.Append(CultureInfo.InvariantCulture, $"\n## {command.Name}\n{command.Description}\n\n");
        var rows = command.Arguments.Where(static a => !a.Hidden).Select(RowOf).Concat(command.Options.Where(static o => !o.Hidden).Select(RowOf)).ToList();
        if (rows.Count > 0)
            page.Append("| argument or option | default | meaning |\n|---|---|---|\n").AppendJoin(string.Empty, rows).Append('\n');

        page.Append("Exit codes: ").AppendJoin("; ", note.ExitCodes.Select(static e => string.Create(CultureInfo.InvariantCulture, $"{e.Code}, {e.Meaning}"))).Append(".\n\n");
        if (command.Name == "dashboard")
            page.Append("<!-- until: 127.0.0.1 -->\n");

        page.Append(CultureInfo.InvariantCulture, $"```sh\n{note.Example}\n```\n");
    }

    private static string RowOf(Argument argument)
    {
        var several = argument.Arity.MaximumNumberOfValues > 1 ? "…" : string.Empty;
        return Row($"{argument.Name}{several}", argument.HasDefaultValue ? Text(argument.GetDefaultValue()) : "required", argument.Description);
    }

    private static string RowOf(Option option)
    {
        var names = string.Join(", ", option.Aliases.Append(option.Name));
        var value = option.ValueType == typeof(bool) ? string.Empty : $" {ValueOf(option)}";
        return Row($"{names}{value}", option.Required ? "required" : option.HasDefaultValue && option.ValueType != typeof(bool) ? Text(option.GetDefaultValue()) : string.Empty, option.Description);
    }

    private static string ValueOf(Option option)
    {
        // What is proposed for KEY=VALUE is only some of what may be given.
        var words = option.GetCompletions(CompletionContext.Empty).Select(static item => item.Label).Where(static word => !word.Contains('=', StringComparison.Ordinal)).ToList();
        return words.Count > 0 ? string.Join('|', words) : option.HelpName ?? throw new InvalidOperationException($"{option.Name} does not name its value.");
    }

    private static string Text(object? value) => string.Create(CultureInfo.InvariantCulture, $"`{value}`");

    private static string Row(string name, string standard, string? meaning) => $"| `{Cell(name)}` | {Cell(standard)} | {Cell(meaning)} |\n";

    private static string Cell(string? text) =>
        (text ?? throw new InvalidOperationException("Something is not described.")).Replace("|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}

using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Pbt.Cli.Help;

/// <summary>The usual help, and what is noted of the command: its exit codes and an example.</summary>
internal sealed class NotedHelpAction(HelpAction usual) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        var exit = usual.Invoke(parseResult);
        if (CommandNote.Of(parseResult.CommandResult.Command.Name) is not { } note)
            return exit;

        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Exit codes:");
        foreach (var (code, meaning) in note.ExitCodes)
            output.WriteLine($"  {code}  {meaning}");

        output.WriteLine();
        output.WriteLine("Example:");
        output.WriteLine($"  {note.Example}");
        output.WriteLine();
        return exit;
    }
}

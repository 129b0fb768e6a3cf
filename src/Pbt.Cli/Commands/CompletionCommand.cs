using System.CommandLine;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt completion</c>: lets a shell complete pbt's command lines.</summary>
internal static class CompletionCommand
{
    private const string Folder = "completion/";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash: eval \"$(pbt completion bash)\"; zsh: eval \"$(pbt completion zsh)\", after compinit; fish: pbt completion fish | source." };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Print a script by which a shell completes commands, options, their values and the directories of studies.") { shell };
        return command.Does(async (parsed, _) =>
        {
            await services.Out.WriteAsync(Script(parsed.GetValue(shell)!));
            return ExitCode.Done;
        });
    }

    private static string Script(string shell)
    {
        using var script = new StreamReader(typeof(CompletionCommand).Assembly.GetManifestResourceStream($"{Folder}pbt.{shell}")!);
        return script.ReadToEnd();
    }
}

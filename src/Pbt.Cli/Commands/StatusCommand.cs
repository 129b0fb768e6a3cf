using System.CommandLine;
using Pbt.Cli.Output;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt status</c>: where a study stands.</summary>
internal static class StatusCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) =>
        StudyCommand.Reading(services, "status", "Show where a study stands: its progress, members, workers and best.", (study, state, asJson) =>
        {
            if (asJson)
                JsonOutput.Write(services.Out, writer => StatusJson.Write(writer, study, state, services.Time.GetUtcNow()));
            else
                StudyText.WriteStatus(services.Out, study, state, services.Time.GetUtcNow(), services.Width);

            return ExitCode.Done;
        });
}

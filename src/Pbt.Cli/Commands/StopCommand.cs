using System.CommandLine;
using Pbt.Core.Scheduling;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt stop</c>: ends a study.</summary>
internal static class StopCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) => ControlCommand.Create(
        services,
        "stop",
        "End a study; attempts that are running are given up.",
        StudyControl.Stop,
        async (study, cancellationToken) =>
        {
            if (await StoppedStudy.FinishAsync(services, study, cancellationToken) is { } said)
                await services.Out.WriteLineAsync(said);
        });
}

using System.CommandLine;
using Pbt.Core.Scheduling;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt pause</c>: no new attempts start.</summary>
internal static class PauseCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) => ControlCommand.Create(
        services,
        "pause",
        "Let no new attempts start; those that are running go on to their end.",
        StudyControl.Pause);
}

using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Scheduling;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt resume</c>: a paused, stopped or failed study goes on.</summary>
internal static class ResumeCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) => ControlCommand.Create(
        services,
        "resume",
        "Let a paused, stopped or failed study go on; starts no workers.",
        static transaction => StudyControl.Resume(transaction, StatusJson.IsAlive));
}

using System.CommandLine;
using Pbt.Core.Population;
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
        static transaction => StudyScheduler.Pause(transaction)
            ? ControlOutcome.Done($"is paused: no new attempts start; {Going(transaction.State)}. `pbt resume` lets it go on")
            : ControlOutcome.Refused(transaction.State.HasEnded
                ? $"has ended ({ControlCommand.Ending(transaction.State)}): there is nothing to pause"
                : "is paused already"));

    private static string Going(StudyState state) => state.Attempts.Count switch
    {
        0 => "none is running",
        1 => "the one that is running goes on to its end",
        var many => $"the {many} that are running go on to their end",
    };
}

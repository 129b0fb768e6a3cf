using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
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
        static transaction => StudyScheduler.Resume(transaction, new MemberDecisions(transaction.State.Spec))
            ? Resumed(transaction.State)
            : ControlOutcome.Refused(Objection(transaction.State)));

    private static ControlOutcome Resumed(StudyState state)
    {
        if (state.HasEnded)
            return ControlOutcome.Done($"was resumed and has ended at once ({ControlCommand.Ending(state)})");

        var workers = state.Workers.Count(StatusJson.IsAlive);
        return ControlOutcome.Done(workers == 0 ? "goes on, but it has no workers: `pbt run` starts some" : $"goes on with {Words.Count(workers, "worker")}");
    }

    private static string Objection(StudyState state) => state.Phase == StudyPhase.Completed
        ? $"is completed ({ControlCommand.Ending(state)}): extend its budget in the spec and `pbt run` it to go on"
        : $"is {Words.Lower(state.Phase)}, not paused: there is nothing to resume";
}

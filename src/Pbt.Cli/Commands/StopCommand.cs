using System.CommandLine;
using Pbt.Cli.Output;
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
        static transaction =>
        {
            var running = transaction.State.Attempts.Count;
            return StudyScheduler.Stop(transaction)
                ? ControlOutcome.Done($"is stopped{(running == 0 ? string.Empty : $"; {Words.Count(running, "running attempt")} given up")}. `pbt resume` lets it go on")
                : ControlOutcome.Refused($"has ended already ({ControlCommand.Ending(transaction.State)})");
        },
        async (study, cancellationToken) =>
        {
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var jobs = await Backends.For(services, state.Spec, study.Directory).CancelAsync(Supervision.WorkersOf(services, study, slots: null), cancellationToken);
            if (jobs > 0)
                await services.Out.WriteLineAsync($"{Words.Count(jobs, "job")} cancelled");
        });
}

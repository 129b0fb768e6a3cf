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
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var jobs = await Backends.For(services, state.Spec, study.Directory).CancelAsync(Supervision.WorkersOf(services, study, slots: null), cancellationToken);
            if (jobs > 0)
                await services.Out.WriteLineAsync($"{Words.Count(jobs, "job")} cancelled");

            await LastHooks.RunAsync(services, study, state, cancellationToken);
        });
}

using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt best</c>: the best interval, its checkpoint, and how it came to be.</summary>
internal static class BestCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) =>
        StudyCommand.Reading(services, "best", "Show the best score, its checkpoint and the schedule that led to it.", (study, state, asJson) =>
        {
            if (asJson)
                JsonOutput.Write(services.Out, writer => BestJson.Write(writer, study, state));

            if (state.Best is not { } best)
            {
                services.Error.WriteLine(state.CompletedIntervals == 0
                    ? "pbt: no interval has completed yet, so there is no best one"
                    : "pbt: every checkpoint that was kept is damaged, so there is no best one; `pbt status` says how");
                return ExitCode.StudyFailed;
            }

            if (!asJson)
            {
                StudyText.WriteBest(services.Out, study, best, services.Width);
                services.Out.WriteLine();
                ScheduleText.Write(services.Out, Lineage.Schedule(Lineage.Of(state, best.Record.Checkpoint)), services.Width);
            }

            return ExitCode.Done;
        });
}

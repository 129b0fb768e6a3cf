using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt best</c>: the best interval, its checkpoint, and how it came to be.</summary>
internal static class BestCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var copyTo = new Option<string?>("--copy-to") { Description = "Copy its checkpoint into this directory, which is made; every file is compared with the manifest.", HelpName = "NEW" };
        var json = StudyCommand.JsonOption();
        var command = new Command("best", "Show the best score, its checkpoint and the schedule that led to it.") { directory, copyTo, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var exit = Show(services, study, state, parsed.GetValue(json));
            if (exit == ExitCode.Done && parsed.GetValue(copyTo) is { } target)
                await CopyAsync(services, study, state.Best!.Record.Checkpoint!.Value, target, cancellationToken);

            return exit;
        });
    }

    private static int Show(CliServices services, OpenStudy study, StudyState state, bool asJson)
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
    }

    private static async Task CopyAsync(CliServices services, OpenStudy study, CheckpointId checkpoint, string target, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(target);
        if (File.Exists(path) || (Directory.Exists(path) && Directory.EnumerateFileSystemEntries(path).Any()))
            throw new InvalidRequestException($"--copy-to {target} is not empty; name a directory that is empty or does not exist yet");

        await CheckpointCopy.ToDirectoryAsync(study, checkpoint, path, cancellationToken);
        services.Error.WriteLine($"pbt: copied to {path}");
    }
}

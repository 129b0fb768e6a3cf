using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt verify</c>: recomputes every decision of a study from its log.</summary>
internal static class VerifyCommand
{
    private const int MostShown = 20;

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var json = StudyCommand.JsonOption();
        var command = new Command("verify", "Recompute every recorded decision from the log, and compare.") { directory, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var snapshot = SnapshotCheck.Open(study.Directory);
            var verification = await VerifyAsync(study, snapshot, cancellationToken);
            if (!verification.State.Exists)
                throw StudyCommand.NoStudyIn(study.Directory.Root);

            var result = verification.Result;
            if (parsed.GetValue(json))
                WriteJson(services, verification);
            else
                WriteText(services, result);

            if (snapshot?.Agrees == false)
                throw new DamagedStoreException($"{snapshot.Path} is not the fold of the log at version {snapshot.Version}, which itself is in order. Delete that file: it is only a cache, and is written anew.");

            return result.Differences.Count == 0 ? ExitCode.Done : ExitCode.StudyFailed;
        });
    }

    private static async Task<Verification> VerifyAsync(OpenStudy study, SnapshotCheck? snapshot, CancellationToken cancellationToken)
    {
        var verification = new Verification();
        await foreach (var recorded in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            verification.Verify(recorded);
            snapshot?.Note(verification.State);
        }

        return verification;
    }

    private static void WriteText(CliServices services, VerificationResult result)
    {
        foreach (var difference in result.Differences.Take(MostShown))
        {
            services.Out.WriteLine($"event {difference.Version}");
            services.Out.WriteLine($"  recorded:   {Words.OneLine(difference.Recorded)}");
            services.Out.WriteLine($"  recomputed: {Words.OneLine(difference.Recomputed)}");
        }

        if (result.Differences.Count > MostShown)
            services.Out.WriteLine($"… and {result.Differences.Count - MostShown} more");

        services.Out.WriteLine($"{result.Decisions} decisions recomputed, {result.Differences.Count} differ");
    }

    private static void WriteJson(CliServices services, Verification verification) => JsonOutput.Write(services.Out, writer =>
    {
        var result = verification.Result;
        writer.WriteStartObject();
        writer.WriteString("study", verification.State.Spec.Name);
        writer.WriteNumber("journal_version", verification.State.Version);
        writer.WriteNumber("decisions", result.Decisions);
        writer.WriteNumber("differ", result.Differences.Count);
        writer.WriteStartArray("differences");
        foreach (var difference in result.Differences)
        {
            writer.WriteStartObject();
            writer.WriteNumber("version", difference.Version);
            writer.WriteString("recorded", difference.Recorded);
            writer.WriteString("recomputed", difference.Recomputed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    });
}

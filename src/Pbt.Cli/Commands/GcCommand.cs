using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Runtime;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt gc</c>: deletes the checkpoints that nobody needs.</summary>
internal static class GcCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var dryRun = new Option<bool>("--dry-run") { Description = "Only say what would be deleted." };
        var json = StudyCommand.JsonOption();
        var command = new Command("gc", "Delete the checkpoints that nobody needs, and what dead attempts left.") { directory, dryRun, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);

            // First the store, then the log: what an attempt publishes in between is then known to be needed.
            var listed = await study.Checkpoints.ListAsync(cancellationToken).ToListAsync(cancellationToken);
            var scratch = Garbage.ScratchIn(study.Directory);
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var deleted = await CollectAsync(study, Garbage.Among(listed, state), parsed.GetValue(dryRun), cancellationToken);
            if (!parsed.GetValue(dryRun))
                Garbage.DeleteScratch(scratch, study.Directory, state);

            if (parsed.GetValue(json))
                WriteJson(services, state, deleted, parsed.GetValue(dryRun));
            else
                WriteText(services, deleted, parsed.GetValue(dryRun));

            return ExitCode.Done;
        });
    }

    private static async Task<List<(StoredCheckpoint Checkpoint, long Bytes)>> CollectAsync(
        OpenStudy study, IEnumerable<StoredCheckpoint> garbage, bool dryRun, CancellationToken cancellationToken)
    {
        var deleted = new List<(StoredCheckpoint, long)>();
        foreach (var found in garbage)
        {
            cancellationToken.ThrowIfCancellationRequested();
            deleted.Add((found, await study.Checkpoints.SizeAsync(found, cancellationToken)));
            if (dryRun)
                continue;

            if (found.IsPublished)
                await study.Checkpoints.DeleteAsync(found.Id, cancellationToken);
            else
                await study.Checkpoints.DiscardAsync(found.Id, cancellationToken);
        }

        return deleted;
    }

    private static void WriteText(CliServices services, List<(StoredCheckpoint Checkpoint, long Bytes)> deleted, bool dryRun)
    {
        if (dryRun)
        {
            foreach (var (checkpoint, bytes) in deleted)
                services.Out.WriteLine($"{checkpoint.Id}  {(checkpoint.IsPublished ? "not needed" : "unfinished")}  {Words.Bytes(bytes)}");
        }

        var published = deleted.Count(static d => d.Checkpoint.IsPublished);
        var text = $"{Words.Count(published, "checkpoint")} and {Words.Count(deleted.Count - published, "unfinished one")}";
        var size = Words.Bytes(deleted.Sum(static d => d.Bytes));
        services.Out.WriteLine(dryRun ? $"would delete {text}: {size}" : $"deleted {text}: {size} freed");
    }

    private static void WriteJson(CliServices services, StudyState state, List<(StoredCheckpoint Checkpoint, long Bytes)> deleted, bool dryRun) =>
        JsonOutput.Write(services.Out, writer =>
        {
            writer.WriteStartObject();
            writer.WriteString("study", state.Spec.Name);
            writer.WriteBoolean("dry_run", dryRun);
            writer.WriteNumber("count", deleted.Count);
            writer.WriteNumber("bytes", deleted.Sum(static d => d.Bytes));
            writer.WriteStartArray("checkpoints");
            foreach (var (checkpoint, bytes) in deleted)
            {
                writer.WriteStartObject();
                writer.WriteString("id", checkpoint.Id.ToString());
                writer.WriteBoolean("published", checkpoint.IsPublished);
                writer.WriteNumber("bytes", bytes);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
}

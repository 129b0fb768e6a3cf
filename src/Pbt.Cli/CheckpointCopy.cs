using Pbt.Core.Population;
using Pbt.Runtime;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli;

/// <summary>Copies checkpoints into another study directory, and checks each against its manifest.</summary>
internal static class CheckpointCopy
{
    /// <summary>Copies them; returns those that could not be, each with the reason: the study treats them as damaged.</summary>
    public static async Task<IReadOnlyList<string>> RunAsync(OpenStudy study, IEnumerable<CheckpointId> checkpoints, StudyDirectory target, CancellationToken cancellationToken)
    {
        var store = new DirectoryCheckpointStore(target);
        List<string> leftOut = [];
        foreach (var id in checkpoints)
        {
            switch (await study.Checkpoints.FetchAsync(id, CheckpointCheck.Sizes, cancellationToken))
            {
                case FetchResult.Fetched { Path: var source }:
                    if (!await TryCopyAsync(source, id, store, cancellationToken))
                        leftOut.Add($"{source}: it is not what its manifest says");

                    break;
                case FetchResult.Damaged damaged:
                    leftOut.Add($"{study.Checkpoints.Locate(id)}: {damaged.Reason}");
                    break;
                default:
                    leftOut.Add($"{study.Checkpoints.Locate(id)}: it is missing");
                    break;
            }
        }

        return leftOut;
    }

    private static async Task<bool> TryCopyAsync(string source, CheckpointId id, DirectoryCheckpointStore store, CancellationToken cancellationToken)
    {
        var manifest = CheckpointManifest.Read(await File.ReadAllBytesAsync(Path.Combine(source, CheckpointManifest.FileName), cancellationToken));
        var staged = store.Stage(id);
        CopyTree(new DirectoryInfo(source), staged, cancellationToken);
        File.Delete(Path.Combine(staged, CheckpointManifest.FileName));

        // Publishing computes every digest anew from what arrived.
        if (await store.PublishAsync(id, cancellationToken: cancellationToken) is PublishResult.Published { Manifest: var copied } &&
            manifest is not null && copied.ToJson().AsSpan().SequenceEqual(manifest.ToJson()))
        {
            return true;
        }

        store.Delete(id);
        store.Discard(id);
        return false;
    }

    private static void CopyTree(DirectoryInfo source, string target, CancellationToken cancellationToken)
    {
        foreach (var entry in source.EnumerateFileSystemInfos())
        {
            cancellationToken.ThrowIfCancellationRequested();
            var to = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
                File.CreateSymbolicLink(to, link);
            else if (entry is DirectoryInfo directory)
                CopyTree(directory, Directory.CreateDirectory(to).FullName, cancellationToken);
            else
                File.Copy(entry.FullName, to);
        }
    }
}

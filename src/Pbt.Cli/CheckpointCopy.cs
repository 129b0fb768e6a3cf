using Pbt.Core.Population;
using Pbt.Core.Studies;
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

    /// <summary>Copies a checkpoint into a directory that is empty or missing, and checks every file there.</summary>
    /// <exception cref="InvalidRequestException">It is missing or damaged, or the copy is; what was copied is removed.</exception>
    public static async Task ToDirectoryAsync(OpenStudy study, CheckpointId checkpoint, string target, CancellationToken cancellationToken)
    {
        switch (await study.Checkpoints.FetchAsync(checkpoint, CheckpointCheck.Sizes, cancellationToken))
        {
            case FetchResult.Fetched { Path: var source }:
                CopyTree(new DirectoryInfo(source), Directory.CreateDirectory(target).FullName, cancellationToken);
                study.Checkpoints.Release(checkpoint);
                if (await GivenCheckpoint.CheckAsync(target, CheckpointCheck.Digests, cancellationToken) is FetchResult.Damaged copied)
                {
                    Directory.Delete(target, recursive: true);
                    throw new InvalidRequestException($"the checkpoint {study.Checkpoints.Locate(checkpoint)} is damaged: {copied.Reason}; `pbt verify` checks all");
                }

                return;
            case FetchResult.Damaged damaged:
                throw new InvalidRequestException($"the checkpoint {study.Checkpoints.Locate(checkpoint)} is damaged: {damaged.Reason}; `pbt verify` checks all");
            default:
                throw new InvalidRequestException($"the checkpoint {study.Checkpoints.Locate(checkpoint)} is missing; `pbt verify` checks all");
        }
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

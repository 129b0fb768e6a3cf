using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli;

/// <summary>Copies checkpoints into another study directory, and checks each against its manifest.</summary>
internal static class CheckpointCopy
{
    /// <summary>Copies them.</summary>
    /// <exception cref="DamagedStoreException">One is missing, or is not what its manifest says.</exception>
    public static async Task RunAsync(OpenStudy study, IEnumerable<CheckpointId> checkpoints, StudyDirectory target, CancellationToken cancellationToken)
    {
        var store = new DirectoryCheckpointStore(target);
        foreach (var id in checkpoints)
        {
            var source = await study.Checkpoints.FetchAsync(id, cancellationToken) ??
                throw new DamagedStoreException($"the checkpoint {study.Checkpoints.Locate(id)} is missing; nothing of the study's log was copied");
            var manifest = CheckpointManifest.Read(await File.ReadAllBytesAsync(Path.Combine(source, CheckpointManifest.FileName), cancellationToken));
            var staged = store.Stage(id);
            CopyTree(new DirectoryInfo(source), staged, cancellationToken);
            File.Delete(Path.Combine(staged, CheckpointManifest.FileName));

            // Publishing computes every digest anew from what arrived.
            var published = await store.PublishAsync(id, cancellationToken);
            if (published is not PublishResult.Published { Manifest: var copied } || manifest is null || !copied.ToJson().AsSpan().SequenceEqual(manifest.ToJson()))
                throw new DamagedStoreException($"the checkpoint {source} is not what its manifest says; nothing of the study's log was copied");
        }
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

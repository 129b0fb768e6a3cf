using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints;

/// <summary>A directory of trained weights that a study starts from and that is not its own.</summary>
/// <remarks>Stateless. One that another study published is checked against its manifest; one of the user's own has none.</remarks>
public static class GivenCheckpoint
{
    /// <summary>Finds it, and checks it as far as that can be.</summary>
    /// <param name="path">Its directory. Absolute.</param>
    /// <param name="check">How closely it is looked at, if it has a manifest.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <exception cref="UnreadableCheckpointException">The storage reports an error in reading it.</exception>
    /// <exception cref="IOException">It could not be read just now.</exception>
    public static async ValueTask<FetchResult> CheckAsync(string path, CheckpointCheck check, CancellationToken cancellationToken = default)
    {
        if (FileKinds.Of(path) == FileKind.Missing)
            RemoteDirectory.HasAfterAll(path);

        if (!Directory.Exists(path))
            return new FetchResult.Missing();

        return FileKinds.Of(Path.Combine(path, CheckpointManifest.FileName)) == FileKind.Missing
            ? new FetchResult.Fetched(path)
            : await CheckpointVerification.CheckAsync(path, check, cancellationToken);
    }
}

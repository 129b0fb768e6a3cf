using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Checkpoints.S3;

namespace Pbt.Runtime;

/// <summary>Finds the store of checkpoints that a study was created with.</summary>
/// <remarks>What is of S3 is in methods of its own, so that nothing of it is loaded for a study that has its checkpoints in its directory.</remarks>
public static class StudyCheckpoints
{
    /// <summary>The study with the store that its log names; as it is, if it has another already, or its log is empty or names none.</summary>
    /// <param name="study">The study; its log is read as far as its creation. The store that is opened is its own to dispose of.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidRequestException">This machine's environment does not say enough to connect.</exception>
    /// <exception cref="PbtException">The log could not be read.</exception>
    public static async ValueTask<OpenStudy> OpenAsync(OpenStudy study, TimeProvider time, CancellationToken cancellationToken = default)
    {
        if (study.Checkpoints is not DirectoryCheckpointStore)
            return study;

        await foreach (var first in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            return first.Event is StudyCreated { Spec: { Checkpoints.Store: { } store, Name: var name } }
                ? study with { Checkpoints = OpenBucket(store, name, first.Time, study.Directory, time) }
                : study;
        }

        return study;
    }

    /// <summary>The store that a study names, if it is not its directory.</summary>
    /// <param name="state">The study as it is.</param>
    /// <param name="directory">Its directory.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">This machine's environment does not say enough to connect.</exception>
    public static ICheckpointStore? InBucket(StudyState state, StudyDirectory directory, TimeProvider time) =>
        state is { Exists: true, Spec: { Checkpoints.Store: { } store, Name: var name } } ? OpenBucket(store, name, state.Created, directory, time) : null;

    /// <summary>Looks whether this machine can use the store that a spec names.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidRequestException">It cannot; the message says what, where and how to mend it.</exception>
    public static ValueTask RequireAsync(StudySpec spec, TimeProvider time, CancellationToken cancellationToken = default) =>
        spec.Checkpoints.Store is { } store ? CheckBucketAsync(store, time, cancellationToken) : ValueTask.CompletedTask;

    /// <summary>Finds weights that a study starts from and that are not its own, by their path or their address, and checks them as far as that can be.</summary>
    /// <param name="start">A directory, absolute, or an address in an S3-compatible store, from where they are brought here.</param>
    /// <param name="spec">The study's spec.</param>
    /// <param name="directory">The study's directory.</param>
    /// <param name="check">How closely they are looked at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="IOException">They could not be read just now.</exception>
    public static async ValueTask<FetchResult> FetchGivenAsync(
        string start, StudySpec spec, StudyDirectory directory, CheckpointCheck check, TimeProvider time, CancellationToken cancellationToken) =>
        CheckpointStoreSpec.IsAddress(start)
            ? await FetchFromBucketAsync(start, spec.Checkpoints.Store, directory, check, time, cancellationToken)
            : await GivenCheckpoint.CheckAsync(start, check, cancellationToken);

    private static Task<FetchResult> FetchFromBucketAsync(
        string address, CheckpointStoreSpec? store, StudyDirectory directory, CheckpointCheck check, TimeProvider time, CancellationToken cancellationToken) =>
        S3GivenCheckpoint.FetchAsync(address, store?.Endpoint, store?.Region, directory, check, time, cancellationToken);

    private static S3CheckpointStore OpenBucket(CheckpointStoreSpec store, string study, DateTimeOffset created, StudyDirectory directory, TimeProvider time) =>
        new(store, S3Settings.Of(store), study, created, directory, time);

    private static async ValueTask CheckBucketAsync(CheckpointStoreSpec store, TimeProvider time, CancellationToken cancellationToken) =>
        await S3Access.RequireAsync(store, S3Settings.Of(store), time, cancellationToken);
}

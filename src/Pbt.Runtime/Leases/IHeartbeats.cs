using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Leases;

/// <summary>Signs of life: a counter for each worker, changed by it and watched by the others.</summary>
/// <remarks>
/// No times are written, so no clocks are compared: an observer measures on its own clock how long a counter has stood
/// still. Thread-safe.
/// </remarks>
public interface IHeartbeats
{
    /// <summary>Writes a worker's counter; may do so a moment later, and tell of what went wrong at the next beat.</summary>
    /// <exception cref="IOException">It, or the one before, could not be written just now.</exception>
    void Beat(WorkerId worker, long counter);

    /// <summary>The counters of workers, at once; those that have none are not among them.</summary>
    /// <exception cref="IOException">Nothing can be said about any of them just now.</exception>
    ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken);

    /// <summary>Removes a worker's counter, if it can: one that stays of a worker that is gone does no harm.</summary>
    void Remove(WorkerId worker);
}

/// <summary>Heartbeats as files below a study's <c>workers</c> directory, one a worker.</summary>
/// <remarks>A file is opened, written and closed at each beat, so that NFS clients see it when they open it.</remarks>
public sealed class FileHeartbeats(StudyDirectory study) : IHeartbeats
{
    private const int MostBytes = 64;

    /// <inheritdoc/>
    public void Beat(WorkerId worker, long counter)
    {
        StudyTree.Make(study, study.Workers);

        // A link that a trainer put in its place goes, rather than have the worker taken for dead.
        UntrustedFile.Clear(study.HeartbeatOf(worker));

        // In place and always as long: a disk that has filled up since the first beat still takes it.
        using var file = UntrustedFile.OpenToWrite(study.HeartbeatOf(worker), append: false);
        RandomAccess.Write(file, Encoding.ASCII.GetBytes(counter.ToString("D20", CultureInfo.InvariantCulture) + "\n"), fileOffset: 0);
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken)
    {
        var counters = new Dictionary<WorkerId, long>();
        foreach (var worker in of)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Read(worker) is { } counter)
                counters[worker] = counter;
        }

        return ValueTask.FromResult<IReadOnlyDictionary<WorkerId, long>>(counters);
    }

    /// <summary>A worker's counter, or null if it has none.</summary>
    public long? Read(WorkerId worker)
    {
        var path = study.HeartbeatOf(worker);
        try
        {
            using var file = UntrustedFile.TryOpen(path, out _) ?? (RemoteDirectory.HasAfterAll(path) ? UntrustedFile.TryOpen(path, out _) : null);
            var text = file is null ? string.Empty : Encoding.ASCII.GetString(UntrustedFile.Read(file, offset: 0, MostBytes));
            return long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var counter) ? counter : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>Every worker that has a counter, alive or not.</summary>
    public IReadOnlyList<WorkerId> List() => Directory.Exists(study.Workers)
        ? [.. Directory.EnumerateFiles(study.Workers).Select(static path => new WorkerId(Path.GetFileName(path))).Where(static id => id.IsValid)]
        : [];

    /// <inheritdoc/>
    public void Remove(WorkerId worker)
    {
        try
        {
            StudyTree.Require(study, study.Workers);
            File.Delete(study.HeartbeatOf(worker));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or DamagedStoreException)
        {
            // A disk that has become read-only must not end the worker that outlived the other.
        }
    }
}

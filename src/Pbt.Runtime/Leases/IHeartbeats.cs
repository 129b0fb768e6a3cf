using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Storage;

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
    /// <inheritdoc/>
    public void Beat(WorkerId worker, long counter)
    {
        Directory.CreateDirectory(study.Workers);

        // In place and always as long: a disk that has filled up since the first beat still takes it.
        using var file = File.OpenHandle(study.HeartbeatOf(worker), FileMode.OpenOrCreate, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
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
        try
        {
            var text = File.ReadAllText(study.HeartbeatOf(worker));
            return long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var counter) ? counter : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Every worker that has a counter, alive or not.</summary>
    public IReadOnlyList<WorkerId> List() => Directory.Exists(study.Workers)
        ? [.. Directory.EnumerateFiles(study.Workers).Select(static path => new WorkerId(Path.GetFileName(path)))]
        : [];

    /// <inheritdoc/>
    public void Remove(WorkerId worker)
    {
        try
        {
            File.Delete(study.HeartbeatOf(worker));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A disk that has become read-only must not end the worker that outlived the other.
        }
    }
}

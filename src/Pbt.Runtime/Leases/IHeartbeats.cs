using System.Globalization;
using System.Text;
using Pbt.Core.Population;
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
    /// <summary>Writes a worker's counter.</summary>
    /// <exception cref="IOException">It could not be written just now.</exception>
    void Beat(WorkerId worker, long counter);

    /// <summary>A worker's counter, or null if it has none.</summary>
    long? Read(WorkerId worker);

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
    public long? Read(WorkerId worker)
    {
        var path = study.HeartbeatOf(worker);
        try
        {
            if (!File.Exists(path) && !RemoteDirectory.HasAfterAll(path))
                return null;

            var text = File.ReadAllText(path);
            return long.TryParse(text, NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var counter) ? counter : null;
        }
        catch (IOException)
        {
            return null;
        }
    }

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

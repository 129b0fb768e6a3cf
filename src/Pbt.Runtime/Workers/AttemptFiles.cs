using Pbt.Core.Population;
using Pbt.Storage;

namespace Pbt.Runtime.Workers;

/// <summary>The files of attempts in a study's directory.</summary>
public sealed class AttemptFiles(StudyDirectory directory) : IAttemptFiles
{
    private const int ProbeBytes = 64 * 1024;

    /// <inheritdoc/>
    public AttemptPaths Prepare(CheckpointId attempt)
    {
        var log = LogOf(attempt);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        var scratch = Directory.CreateDirectory(directory.ScratchOf(attempt.Attempt)).FullName;
        foreach (var left in Directory.EnumerateFiles(scratch))
            File.Delete(left);

        return new AttemptPaths(log, scratch);
    }

    /// <inheritdoc/>
    public void Probe(AttemptId attempt)
    {
        var probe = Path.Combine(directory.ScratchOf(attempt), "probe");
        using (var handle = File.OpenHandle(probe, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(handle, new byte[ProbeBytes], fileOffset: 0);
            RandomAccess.FlushToDisk(handle);
        }

        File.Delete(probe);
    }

    /// <inheritdoc/>
    public string LogOf(CheckpointId attempt) => directory.LogOf(attempt);

    /// <inheritdoc/>
    public void Remove(AttemptId attempt)
    {
        var scratch = directory.ScratchOf(attempt);
        if (Directory.Exists(scratch))
            Directory.Delete(scratch, recursive: true);
    }
}

using Pbt.Core.Population;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Workers;

/// <summary>The files of attempts in a study's directory.</summary>
public sealed class AttemptFiles(StudyDirectory directory) : IAttemptFiles
{
    /// <inheritdoc/>
    public AttemptPaths Prepare(CheckpointId attempt)
    {
        var log = LogOf(attempt);
        StudyTree.Make(directory, Path.GetDirectoryName(log)!);
        UntrustedFile.Clear(log);
        var scratch = directory.ScratchOf(attempt.Attempt);
        StudyTree.Require(directory, directory.Attempts);
        StudyTree.Delete(scratch);
        Directory.CreateDirectory(scratch);
        return new AttemptPaths(log, scratch);
    }

    /// <inheritdoc/>
    public void Probe(AttemptId attempt) => DiskProbe.Write(directory, attempt);

    /// <inheritdoc/>
    public string LogOf(CheckpointId attempt) => directory.LogOf(attempt);

    /// <inheritdoc/>
    public void Remove(AttemptId attempt)
    {
        StudyTree.Require(directory, directory.Attempts);
        StudyTree.Delete(directory.ScratchOf(attempt));
    }
}

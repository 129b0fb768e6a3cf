using Pbt.Core.Population;
using Pbt.Runtime.Trainers;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Workers;

/// <summary>The files of attempts in a study's directory.</summary>
public sealed class AttemptFiles(StudyDirectory directory) : IAttemptFiles
{
    /// <summary>With less space than this, in bytes, it counts as full.</summary>
    private const int LeastSpace = 64 * 1024;

    /// <inheritdoc/>
    public AttemptPaths Prepare(CheckpointId attempt, bool hasScratch)
    {
        var log = LogOf(attempt);
        StudyTree.Make(directory, Path.GetDirectoryName(log)!);
        UntrustedFile.Clear(log);
        var scratch = directory.ScratchOf(attempt.Attempt);
        if (hasScratch)
        {
            StudyTree.Require(directory, directory.Attempts);
            StudyTree.Delete(scratch);
            Directory.CreateDirectory(scratch);
        }

        return new AttemptPaths(log, directory.TrainerLogOf(attempt.Attempt), scratch);
    }

    /// <inheritdoc/>
    public void Probe(AttemptId attempt) => DiskProbe.Write(directory, attempt);

    /// <inheritdoc/>
    public bool IsFull()
    {
        try
        {
            var disk = new DriveInfo(directory.Root);
            return disk.TotalSize > 0 && disk.AvailableFreeSpace < LeastSpace;
        }
        catch (Exception error) when (AttemptExecution.IsMachinery(error))
        {
            return false; // A file system that does not tell is found out by writing.
        }
    }

    /// <inheritdoc/>
    public string? FindDeleted(AttemptContext context) =>
        !Directory.Exists(context.CheckpointOut) ? context.CheckpointOut
        : AttemptContext.HasScratch(context.Spec) && !Directory.Exists(context.ScratchPath) ? context.ScratchPath
        : null;

    /// <inheritdoc/>
    public string LogOf(CheckpointId attempt) => directory.LogOf(attempt);

    /// <inheritdoc/>
    public void Remove(AttemptId attempt)
    {
        StudyTree.Require(directory, directory.Attempts);
        StudyTree.Delete(directory.ScratchOf(attempt));

        // A worker that was killed may have left it.
        StudyTree.Delete(directory.ProbeOf(attempt));
    }
}

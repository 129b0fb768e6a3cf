using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Trainers;
using Pbt.Storage.Checkpoints;

namespace Pbt.Runtime.Workers;

/// <summary>Carries out one attempt: lays out its files, runs the trainer, publishes the checkpoint.</summary>
/// <remarks>
/// What the machinery does wrong (a full disk, a read-only directory) is not the trainer's fault: it is tried again until
/// it works or the attempt is interrupted, with the same seed, so that it never changes what is computed.
/// </remarks>
internal sealed class AttemptExecution(OpenStudy study, StudySpec spec, TimeProvider time, ILogger logger)
{
    private const string GpuMask = "CUDA_VISIBLE_DEVICES";

    private readonly StartingCheckpoint _starts = new(study, spec, time, logger);

    /// <summary>Runs the attempt to its end.</summary>
    public async Task<AttemptResult> RunAsync(
        Assignment assignment, Slot slot, IAttemptRunner runner, CancellationToken interrupt, CancellationToken kill)
    {
        var backoff = new Backoff(time);
        try
        {
            while (true)
            {
                try
                {
                    return await TryAsync(assignment, slot, runner, interrupt, kill);
                }
                catch (Exception error) when (IsMachinery(error))
                {
                    logger.TryingAgain($"{assignment.Member}'s interval {assignment.Interval} is held up: {error.Message}", backoff.Next);
                }

                await backoff.WaitAsync(interrupt);
            }
        }
        catch (OperationCanceledException) when (interrupt.IsCancellationRequested)
        {
            // Also while the checkpoint was fetched.
            return new AttemptResult.Released("interrupted");
        }
    }

    /// <summary>Removes what the attempt leaves besides its log and its published checkpoint.</summary>
    public void CleanUp(CheckpointId attempt)
    {
        try
        {
            study.Checkpoints.Discard(attempt);
            study.Files.Remove(attempt.Attempt);
        }
        catch (Exception error) when (IsMachinery(error) || error is DamagedStoreException)
        {
            logger.NotDeleted(error.Message);
        }
    }

    /// <summary>Whether the error is of the file system's making.</summary>
    public static bool IsMachinery(Exception error) => error is IOException or UnauthorizedAccessException;

    private async Task<AttemptResult> TryAsync(
        Assignment assignment, Slot slot, IAttemptRunner runner, CancellationToken interrupt, CancellationToken kill)
    {
        string? start = spec.InitialCheckpoint;
        if (assignment.CheckpointIn is { } inherited)
        {
            var (found, damage) = await _starts.FindAsync(assignment, inherited, interrupt);
            if (damage is not null)
                return new AttemptResult.StartDamaged(damage);

            start = found;
        }

        var began = time.GetTimestamp();
        switch (await runner.RunAsync(Prepare(assignment, slot, start), interrupt, kill))
        {
            case TrainerOutcome.Completed completed:
                return await PublishAsync(assignment, completed.Result, time.GetElapsedTime(began), interrupt);
            case TrainerOutcome.Failed failed:
                study.Files.Probe(assignment.Attempt); // A trainer that fails on a full or read-only disk is not at fault.
                return new AttemptResult.Failed(failed.Kind, failed.Reason, failed.LogTail);
            default:
                return new AttemptResult.Released("interrupted");
        }
    }

    private AttemptContext Prepare(Assignment assignment, Slot slot, string? start)
    {
        var files = study.Files.Prepare(assignment.CheckpointOut);
        return new AttemptContext
        {
            Spec = spec,
            Assignment = assignment,
            CheckpointIn = start,
            CheckpointOut = study.Checkpoints.Stage(assignment.CheckpointOut),
            LogPath = files.Log,
            ScratchPath = files.Scratch,
            SlotEnvironment = slot.VisibleDevices is { } mask ? new Dictionary<string, string>(StringComparer.Ordinal) { [GpuMask] = mask } : [],
            Progress = lines => study.Metrics.Append(assignment.CheckpointOut, lines),
        };
    }

    private async Task<AttemptResult> PublishAsync(Assignment assignment, TrainerResult result, TimeSpan duration, CancellationToken interrupt)
    {
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                return await study.Checkpoints.PublishAsync(assignment.CheckpointOut, CancellationToken.None) switch
                {
                    PublishResult.Refused refused => new AttemptResult.Failed(FailureKind.InvalidCheckpoint, refused.Reason, LogTail: null),
                    _ => new AttemptResult.Completed(result.Score, result.Steps ?? spec.Interval.Steps ?? 0, duration, result.Samples, result.Metrics),
                };
            }
            catch (Exception error) when (IsMachinery(error) && !interrupt.IsCancellationRequested)
            {
                logger.TryingAgain($"{assignment.Member}'s checkpoint of interval {assignment.Interval} could not be kept: {error.Message}", backoff.Next);
            }

            await backoff.WaitAsync(CancellationToken.None);
        }
    }
}

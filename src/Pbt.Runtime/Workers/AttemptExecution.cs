using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Trainers;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Logs;

namespace Pbt.Runtime.Workers;

/// <summary>Carries out one attempt: lays out its files, runs the trainer, publishes the checkpoint.</summary>
/// <remarks>
/// What the machinery does wrong (a full disk, a read-only directory) is not the trainer's fault: it is tried again until
/// it works or the attempt is interrupted, with the same seed, so that it never changes what is computed. Neither is it
/// when somebody deletes the attempt's files: that counts as a kill.
/// </remarks>
internal sealed class AttemptExecution(OpenStudy study, StudySpec spec, TimeProvider time, ILogger logger)
{
    private const string GpuMask = "CUDA_VISIBLE_DEVICES";

    private readonly StartingCheckpoint _starts = new(study, spec, time, logger);

    /// <summary>What went wrong with the file system meanwhile.</summary>
    public StorageTrouble Trouble { get; } = new(study.Files, time);

    /// <summary>Runs the attempt to its end.</summary>
    public async Task<AttemptResult> RunAsync(Assignment assignment, Slot slot, int place, IAttemptRunner runner, CancellationToken interrupt, CancellationToken kill)
    {
        var backoff = new Backoff(time);
        try
        {
            while (true)
            {
                try
                {
                    return await TryAsync(assignment, slot, place, runner, interrupt, kill);
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
    /// <param name="attempt">Which.</param>
    /// <param name="result">How it ended, or null where nobody knows: then whatever there may be is looked for.</param>
    /// <param name="cancellationToken">Leaves what is left to <c>pbt gc</c>.</param>
    public async ValueTask CleanUpAsync(CheckpointId attempt, AttemptResult? result, CancellationToken cancellationToken)
    {
        // By publishing a checkpoint, all that it was staged in has become that.
        if (result is AttemptResult.Completed && !AttemptContext.HasScratch(spec))
            return;

        try
        {
            study.Files.Remove(attempt.Attempt);
            await study.Checkpoints.DiscardAsync(attempt, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // What is left is `pbt gc`'s.
        }
        catch (Exception error) when (IsMachinery(error) || error is DamagedStoreException)
        {
            logger.NotDeleted(error.Message);
        }
    }

    /// <summary>Whether the error is of the file system's making.</summary>
    public static bool IsMachinery(Exception error) => error is IOException or UnauthorizedAccessException;

    private async Task<AttemptResult> TryAsync(
        Assignment assignment, Slot slot, int place, IAttemptRunner runner, CancellationToken interrupt, CancellationToken kill)
    {
        var start = spec.StartOf(assignment.Member.Value);
        CheckpointId? fetched = null;
        var isHeld = assignment.CheckpointIn is { } last && runner.Holds(place, last);
        if (isHeld)
        {
            // What the trainer has in memory does no harm where its checkpoint is damaged: whoever loads that finds out.
            start = study.Checkpoints.LocalPathOf(assignment.CheckpointIn!.Value);
        }
        else if (assignment.CheckpointIn is { } inherited)
        {
            var (found, damage) = await _starts.FindAsync(assignment, inherited, interrupt);
            if (damage is not null)
                return new AttemptResult.StartDamaged(damage);

            (start, fetched) = (found, inherited);
        }
        else if (start is { } given)
        {
            (start, var objection) = await _starts.FindGivenAsync(assignment, given, interrupt);
            if (objection is not null)
                return new AttemptResult.Failed(FailureKind.InvalidCheckpoint, objection, LogTail: null);
        }

        try
        {
            var context = Prepare(assignment, slot, start) with { Place = place, IsHeld = isHeld };
            return await RunAsync(context, runner, interrupt, kill);
        }
        finally
        {
            if (fetched is { } read)
                study.Checkpoints.Release(read);
        }
    }

    private async Task<AttemptResult> RunAsync(AttemptContext context, IAttemptRunner runner, CancellationToken interrupt, CancellationToken kill)
    {
        var began = time.GetTimestamp();
        switch (await runner.RunAsync(context, interrupt, kill))
        {
            case TrainerOutcome.Completed completed:
                return await PublishAsync(context, completed.Result, time.GetElapsedTime(began), interrupt, kill);
            case TrainerOutcome.Failed failed:
                if (Deleted(context) is { } deleted)
                    return deleted;

                ThrowIfUnwritable(context, began);
                return new AttemptResult.Failed(failed.Kind, failed.Reason, failed.LogTail);
            default:
                return new AttemptResult.Released("interrupted");
        }
    }

    private AttemptContext Prepare(Assignment assignment, Slot slot, string? start)
    {
        var files = study.Files.Prepare(assignment.CheckpointOut, AttemptContext.HasScratch(spec));
        return new AttemptContext
        {
            Spec = spec,
            Assignment = assignment,
            CheckpointIn = start,
            CheckpointOut = study.Checkpoints.Stage(assignment.CheckpointOut),
            LogPath = files.Log,
            TrainerLogPath = files.TrainerLog,
            ScratchPath = files.Scratch,
            SlotEnvironment = slot.VisibleDevices is { } mask ? new Dictionary<string, string>(StringComparer.Ordinal) { [GpuMask] = mask } : [],
            Progress = lines => study.Metrics.Append(assignment.CheckpointOut, lines),
        };
    }

    private async Task<AttemptResult> PublishAsync(AttemptContext context, TrainerResult result, TimeSpan duration, CancellationToken interrupt, CancellationToken kill)
    {
        var assignment = context.Assignment;
        var backoff = new Backoff(time);
        while (true)
        {
            try
            {
                return await study.Checkpoints.PublishAsync(assignment.CheckpointOut, spec.Checkpoints.Sync, kill) switch
                {
                    PublishResult.Refused refused => Deleted(context) ?? new AttemptResult.Failed(FailureKind.InvalidCheckpoint, refused.Reason, LogTail: null),
                    _ => new AttemptResult.Completed(result.Score, result.Steps ?? spec.Interval.Steps ?? 0, duration, result.Samples, result.Metrics),
                };
            }
            catch (Exception error) when (IsMachinery(error) && !interrupt.IsCancellationRequested)
            {
                logger.TryingAgain($"{assignment.Member}'s checkpoint of interval {assignment.Interval} could not be kept: {error.Message}", backoff.Next);
            }

            await backoff.WaitAsync(interrupt);
        }
    }

    /// <summary>If a directory of the attempt is gone: how the attempt failed by that.</summary>
    private AttemptResult.Failed? Deleted(AttemptContext context)
    {
        if (study.Files.FindDeleted(context) is not { } directory)
            return null;

        return new AttemptResult.Failed(
            FailureKind.Killed,
            $"{directory} was deleted while the attempt ran: leave $PBT_CHECKPOINT_OUT and {context.ScratchPath} in place",
            LogTail.Shown(context.LogPath));
    }

    /// <summary>A trainer that fails while the disk is full or read-only is not at fault: says so by an exception.</summary>
    private void ThrowIfUnwritable(AttemptContext context, long began)
    {
        study.Files.Probe(context.Assignment.Attempt);
        Trouble.Look();
        if (Trouble.HasBeenSince(began))
            throw new IOException($"the file system of {study.Directory.Root} was full or could not be written while the trainer ran, and the trainer failed");
    }
}

using System.Globalization;
using System.Text.Json;
using Pbt.Core.Population;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>An attempt that a trainer has been given.</summary>
/// <remarks>Not thread-safe but for <see cref="Outcome"/>: the reader of the trainer's lines uses it.</remarks>
internal sealed class RunningAttempt(AttemptContext context)
{
    private readonly List<JsonElement> _reports = [];
    private long _reportBytes;
    private long _bytes;
    private long _leftOut;

    /// <summary>What is attempted.</summary>
    public AttemptContext Context { get; } = context;

    /// <summary>How it ends.</summary>
    public TaskCompletionSource<TrainerOutcome> Outcome { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>What is to be said in its log when it has ended; null if nothing.</summary>
    public string? Note => _leftOut == 0
        ? null
        : string.Create(CultureInfo.InvariantCulture, $"pbt: {_leftOut} progress reports were left out: too long, no JSON object, more than {ProgressLine.MaxBytesOfAttempt / (1024 * 1024)} MiB in all, or more than the disk took in time");

    /// <summary>Takes a report.</summary>
    public void Add(TrainerMessage.Progress progress)
    {
        _bytes += progress.Bytes;
        if (progress.Report is not { } report || _bytes > ProgressLine.MaxBytesOfAttempt)
        {
            _leftOut++;
            return;
        }

        _reports.Add(report);
        _reportBytes += progress.Bytes;
    }

    /// <summary>Hands the reports taken since the last call over.</summary>
    public void Flush(ProgressIntake intake)
    {
        if (_reports.Count == 0)
            return;

        if (!intake.TryAdd(Context, [.. _reports], _reportBytes))
            _leftOut += _reports.Count;

        _reports.Clear();
        _reportBytes = 0;
    }

    /// <summary>The outcome that the trainer's message says.</summary>
    /// <param name="message">The message.</param>
    /// <param name="isStopping">Whether the trainer was told to stop.</param>
    public TrainerOutcome OutcomeOf(TrainerMessage.Ending message, bool isStopping) => message switch
    {
        // A second program gives the score.
        TrainerMessage.Completed when Context.Spec.Evaluate is not null => new TrainerOutcome.Completed(TrainerResult.Of(0)),
        TrainerMessage.Completed completed => TrainerResultReader.Read(completed.Json, "\"completed\"", Context.Spec) switch
        {
            ResultReading.Valid valid => new TrainerOutcome.Completed(valid.Result),
            ResultReading.Invalid invalid => new TrainerOutcome.Failed(invalid.Kind, invalid.Reason),
            _ => throw new NotSupportedException(),
        },
        TrainerMessage.Failed failed => new TrainerOutcome.Failed(FailureKind.Crashed, $"the trainer says: {failed.Reason}"),
        TrainerMessage.Released when isStopping => new TrainerOutcome.Interrupted(),
        TrainerMessage.Released released => new TrainerOutcome.Failed(FailureKind.Killed, $"the trainer gave the attempt back{(released.Reason.Length > 0 ? $": {released.Reason}" : " without a reason")}"),
        _ => throw new NotSupportedException(),
    };
}

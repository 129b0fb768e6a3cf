using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Telemetry;

/// <summary>The instruments: what this process has a study do, as metrics and spans for whoever listens.</summary>
/// <remarks>
/// Thread-safe. The source and the meter are both named <c>pbt</c>; without listeners they cost next to nothing. The names are a
/// contract (docs/telemetry.md).
/// </remarks>
public sealed class StudyTelemetry : IDisposable
{
    /// <summary>The name of the source of spans, and of the meter.</summary>
    public const string Name = "pbt";

    private const int MostProduced = 4096;

    private readonly ActivitySource _source = new(Name);
    private readonly Meter _meter = new(Name);
    private readonly Counter<long> _intervals;
    private readonly Counter<long> _failures;
    private readonly Counter<long> _exploits;
    private readonly Counter<long> _rescues;
    private readonly Counter<long> _losses;
    private readonly Histogram<double> _intervalDuration;
    private readonly Histogram<double> _transactionDuration;
    private readonly Lock _lock = new();
    private readonly Dictionary<CheckpointId, ActivityContext> _produced = [];
    private readonly Queue<CheckpointId> _order = [];
    private Measurement<double>? _best;

    /// <summary>Makes the instruments.</summary>
    public StudyTelemetry()
    {
        _intervals = _meter.CreateCounter<long>("pbt.intervals", "{interval}", "Completed intervals.");
        _failures = _meter.CreateCounter<long>("pbt.failures", "{attempt}", "Failed attempts.");
        _exploits = _meter.CreateCounter<long>("pbt.exploits", "{exploit}", "Times that a member took a donor's weights or hyperparameters.");
        _rescues = _meter.CreateCounter<long>("pbt.rescues", "{rescue}", "Times that a failed member was given a donor.");
        _losses = _meter.CreateCounter<long>("pbt.workers.lost", "{worker}", "Workers that this one found dead.");
        _intervalDuration = _meter.CreateHistogram(
            "pbt.interval.duration", "s", "How long attempts took that completed an interval.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1, 5, 10, 30, 60, 300, 600, 1800, 3600, 14400] });
        _transactionDuration = _meter.CreateHistogram(
            "pbt.transaction.duration", "s", "How long transactions on the study's log took.", tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5] });
        _meter.CreateObservableGauge("pbt.best_score", ObserveBest, "{score}", "The study's best score, as this worker knows it.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _source.Dispose();
        _meter.Dispose();
    }

    /// <summary>Notes a transaction that was committed, and what it recorded.</summary>
    internal void Note(CommittedEvents? committed, TimeSpan took)
    {
        if (committed is null)
            return;

        var study = new KeyValuePair<string, object?>("pbt.study", committed.Study.Name);
        _transactionDuration.Record(took.TotalSeconds, study);
        foreach (var happened in committed.Events)
            Count(happened, study);

        foreach (var ended in committed.Ended)
            Emit(committed.Study, ended);

        if (committed.Best is { } best)
        {
            lock (_lock)
                _best = new(best, study);
        }
    }

    private void Count(StudyEvent happened, KeyValuePair<string, object?> study)
    {
        switch (happened)
        {
            case IntervalCompleted e:
                _intervals.Add(1, study);
                _intervalDuration.Record(e.Seconds, study);
                break;
            case AttemptFailed e:
                _failures.Add(1, study, new("pbt.kind", JsonNamingPolicy.SnakeCaseLower.ConvertName(e.Kind.ToString())));
                break;
            case MemberDecided { Action: MemberAction.Exploit }:
                _exploits.Add(1, study);
                break;
            case MemberDecided { Action: MemberAction.Rescue }:
                _rescues.Add(1, study);
                break;
            case WorkerLost:
                _losses.Add(1, study);
                break;
            default:
                break;
        }
    }

    private IEnumerable<Measurement<double>> ObserveBest()
    {
        lock (_lock)
            return _best is { } best ? [best] : [];
    }

    private void Emit(StudyIdentity study, EndedAttempt ended)
    {
        using var span = _source.StartActivity(
            "interval", ActivityKind.Internal, study.Trace, TagsOf(study, ended), LinksOf(ended), ended.Running.Started);
        if (span is null)
            return;

        span.SetEndTime(ended.Ended.UtcDateTime);
        if (ended is { Outcome: "failed", Reason: { } reason })
            span.SetStatus(ActivityStatusCode.Error, reason);

        if (ended.Score is not null)
            Remember(ended.Checkpoint, span.Context);
    }

    private static IEnumerable<KeyValuePair<string, object?>> TagsOf(StudyIdentity study, EndedAttempt ended)
    {
        yield return new("pbt.study", study.Name);
        yield return new("pbt.member", ended.Running.Member.Value);
        yield return new("pbt.interval", ended.Running.Interval);
        yield return new("pbt.attempt", ended.Running.Id.Value);
        yield return new("pbt.worker", ended.Running.Worker.Value);
        yield return new("pbt.outcome", ended.Outcome);
        yield return new("pbt.hyperparameters", HyperparametersJson.Text(ended.Hyperparameters));
        if (ended.Score is { } score)
            yield return new("pbt.score", score);

        if (ended.Running.CheckpointIn is { } start)
            yield return new("pbt.start", start.ToString());

        if (ended.Donor is { } donor)
            yield return new("pbt.donor", donor.Value);
    }

    /// <summary>To the span that gave the checkpoint that it started from, if this process has run it.</summary>
    private IEnumerable<ActivityLink> LinksOf(EndedAttempt ended)
    {
        lock (_lock)
            return ended.Running.CheckpointIn is { } start && _produced.TryGetValue(start, out var span) ? [new ActivityLink(span)] : [];
    }

    private void Remember(CheckpointId checkpoint, ActivityContext span)
    {
        lock (_lock)
        {
            _produced[checkpoint] = span;
            _order.Enqueue(checkpoint);
            if (_order.Count > MostProduced)
                _produced.Remove(_order.Dequeue());
        }
    }
}

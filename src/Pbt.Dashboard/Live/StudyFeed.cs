using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Core.Wording;
using Pbt.Dashboard.Telemetry;
using Pbt.Dashboard.Views;

namespace Pbt.Dashboard.Live;

/// <summary>How far a page has come with a study: the fold that it read, and the version of it.</summary>
/// <param name="Generation">Which fold: the log is folded anew where it was damaged and repaired meanwhile.</param>
/// <param name="Version">The last event that the page knows.</param>
internal readonly record struct Cursor(int Generation, long Version);

/// <summary>Follows one study's log, without a lock, and hands out what is new in it.</summary>
/// <remarks>
/// Thread-safe. It goes on whatever happens to the log: what cannot be read is told to the page, and tried again.
/// </remarks>
/// <param name="study">The study.</param>
/// <param name="time">The clock.</param>
/// <param name="pulse">Beats when there is something new.</param>
internal sealed class StudyFeed(WatchedStudy study, TimeProvider time, Pulse pulse)
{
    private const int Batch = 4_096;

    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RetryDamaged = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private StudyView _view = new();
    private int _generation = 1;
    private bool _isLoaded;
    private string? _problem;

    /// <summary>The study.</summary>
    public WatchedStudy Study => study;

    /// <summary>Follows the log until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await CatchUpAsync(cancellationToken);
                await Task.Delay(LeastPeriod, time, cancellationToken);
                await study.Store.WaitAsync(_view.State.Version, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception error) when (error is PbtException or IOException or UnauthorizedAccessException)
            {
                var isDamaged = error is DamagedStoreException;
                Report(error.Message, isDamaged);
                await PauseAsync(isDamaged ? RetryDamaged : Retry, cancellationToken);
            }
        }
    }

    /// <summary>Folds the log up to its end as it is met.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        var batch = new List<RecordedEvent>(Batch);
        await foreach (var recorded in study.Store.ReadAsync(_view.State.Version, cancellationToken))
        {
            batch.Add(recorded);
            if (batch.Count == Batch)
                Apply(batch);
        }

        Apply(batch);
        lock (_lock)
        {
            _isLoaded = true;
            _problem = null;
        }

        pulse.Beat();
    }

    /// <summary>Where a page that has read everything is.</summary>
    public Cursor Position
    {
        get
        {
            lock (_lock)
                return new Cursor(_generation, _isLoaded ? _view.State.Version : 0);
        }
    }

    /// <summary>Writes what is new since a cursor, as the object that a page applies, and moves the cursor; false if nothing is.</summary>
    public bool TryWriteChange(Utf8JsonWriter writer, int index, ref Cursor cursor)
    {
        lock (_lock)
        {
            if (!_isLoaded || !_view.State.Exists)
                return false;

            var isKnown = cursor.Generation == _generation && cursor.Version <= _view.State.Version;
            if (isKnown && cursor.Version == _view.State.Version)
                return false;

            writer.WriteStartObject();
            writer.WriteNumber("study", index);
            writer.WriteNumber("generation", _generation);
            writer.WritePropertyName("change");
            ChangeJson.Write(writer, _view, isKnown ? cursor.Version : 0);
            writer.WriteEndObject();
            cursor = new Cursor(_generation, _view.State.Version);
            return true;
        }
    }

    /// <summary>Writes how the study stands, in a few figures.</summary>
    public void WriteSummary(Utf8JsonWriter writer, int index)
    {
        lock (_lock)
        {
            writer.WriteStartObject();
            writer.WriteNumber("study", index);
            writer.WriteString("directory", study.Directory.Root);
            writer.WriteBoolean("loading", !_isLoaded);
            writer.WriteNumber("version", _view.State.Version);
            writer.WriteString("problem", _problem is { } problem ? Words.OneLine(problem) : null);
            writer.WriteBoolean("exists", _view.State.Exists);
            if (_view.State.Exists)
                SummaryJson.WriteFields(writer, _view, time.GetUtcNow(), study.IsAlive);

            writer.WriteEndObject();
        }
    }

    /// <summary>Writes the metrics and the log of a member's latest attempt, or of another; false if there is no such member or attempt.</summary>
    public bool TryWriteMember(Utf8JsonWriter writer, int member, CheckpointId? attempt)
    {
        CheckpointId? logged;
        lock (_lock)
        {
            if (member < 0 || member >= _view.State.Members.Count)
                return false;

            writer.WriteStartObject();
            writer.WriteNumber("member", member);
            MemberPageJson.WriteMetrics(writer, _view.State.Members[member]);
            logged = attempt ?? _view.Attempts.LastOf(member);
        }

        MemberPageJson.WriteLog(writer, study.Directory, logged);
        writer.WriteEndObject();
        return true;
    }

    /// <summary>What is measured of the study, as it is now.</summary>
    public IReadOnlyList<Sample> Samples(bool withMembers)
    {
        lock (_lock)
            return [.. StudyMetrics.Of(study.Directory.Root, _view, _isLoaded && _problem is null, withMembers, time.GetUtcNow())];
    }

    /// <summary>Reads something of the fold while nothing changes it.</summary>
    public T Read<T>(Func<StudyView, T> read)
    {
        lock (_lock)
            return read(_view);
    }

    private async Task PauseAsync(TimeSpan span, CancellationToken cancellationToken)
    {
        try
        {
            await Task.Delay(span, time, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop looks for itself.
        }
    }

    private void Apply(List<RecordedEvent> batch)
    {
        lock (_lock)
        {
            foreach (var recorded in batch)
                _view.Apply(recorded);
        }

        batch.Clear();
    }

    /// <summary>Tells the page what is wrong; a log that does not follow may have been cut and repaired, so it is folded anew.</summary>
    private void Report(string problem, bool startsOver)
    {
        lock (_lock)
        {
            _problem = problem;
            if (startsOver)
            {
                _view = new StudyView();
                _generation++;
                _isLoaded = false;
            }
        }

        pulse.Beat();
    }
}

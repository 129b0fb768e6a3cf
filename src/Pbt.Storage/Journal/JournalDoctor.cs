using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>Reads a whole journal, also past what is damaged, and says what is there.</summary>
internal sealed class JournalDoctor
{
    // No event takes fewer bytes, so of what cannot be read this bounds how many attempts may have started in it.
    private const int ShortestLine = 64;

    private readonly JournalFile _file;
    private readonly long _end;
    private readonly TextPool _pool = new();
    private readonly List<(RecordedEvent Recorded, long Offset)> _begun = [];
    private StudyState _state = new();
    private JournalPosition _kept;
    private (long Line, long Offset, string What, bool IsUnreadable)? _damage;

    private JournalDoctor(JournalFile file)
    {
        _file = file;
        _end = file.Length;
    }

    /// <summary>Examines a journal; who changes it must be locked out.</summary>
    /// <exception cref="InvalidRequestException">A newer pbt wrote it.</exception>
    /// <exception cref="TransientStoreException">It could not be read just now.</exception>
    public static JournalDiagnosis Examine(JournalFile file) => new JournalDoctor(file).Examine();

    private JournalDiagnosis Examine()
    {
        FindDamage();
        if (_damage is null && _kept.Offset == _end)
            return Sound(JournalCondition.Intact);

        if (_damage is null or { IsUnreadable: true })
        {
            switch (JournalTail.Examine(_file, _kept, _end))
            {
                case null:
                    return Sound(JournalCondition.Torn);
                case DamagedStoreException:
                    break;
                case { } other:
                    throw other;
            }
        }

        return Cut();
    }

    private JournalDiagnosis Sound(JournalCondition condition) => new()
    {
        Condition = condition,
        State = _state,
        KeptEvents = _kept.Version,
        KeptBytes = _kept.Offset,
        CutBytes = 0,
        HighestAttempt = new(_state.NextAttempt.Value - 1),
    };

    /// <summary>Folds transaction by transaction up to the first line that is not in order.</summary>
    private void FindDamage()
    {
        var reader = new JournalLineReader(_file, _end);
        while (_damage is null && reader.Next())
        {
            var line = _kept.Version + _begun.Count + 1;
            if (Read(reader, line, out var more) is not { } recorded)
                continue;

            _begun.Add((recorded, reader.Offset));
            if (!more)
                Fold(line, reader.NextOffset);
        }

        if (_damage is null && _begun.Count > 0)
            _damage = (_kept.Version + 1, _kept.Offset, "the transaction that begins there has no end", IsUnreadable: true);

        _begun.Clear();
    }

    private RecordedEvent? Read(JournalLineReader reader, long line, out bool more)
    {
        more = false;
        try
        {
            if (!reader.IsEnded)
                throw new JsonException("it has no end");

            var recorded = JournalLine.Read(reader.Line, _pool, out more);
            if (recorded.Version == line)
                return recorded;

            _damage = (line, reader.Offset, $"version {recorded.Version} stands where {line} should", IsUnreadable: true);
        }
        catch (JsonException e)
        {
            _damage = (line, reader.Offset, e.Message, IsUnreadable: true);
        }
        catch (NewerJournalException e)
        {
            throw JournalErrors.Newer(_file.Path, line, e.Message);
        }

        return null;
    }

    private void Fold(long line, long end)
    {
        foreach (var (recorded, offset) in _begun)
        {
            try
            {
                _state.Apply(recorded);
            }
            catch (DamagedStoreException)
            {
                _damage = (recorded.Version, offset, JournalFold.Refusal(recorded), IsUnreadable: false);

                // Half of the transaction is in the state.
                _state = FoldAgain();
                return;
            }
        }

        _begun.Clear();
        _kept = new(line, end);
    }

    /// <summary>From the start: a snapshot is no witness here.</summary>
    private StudyState FoldAgain()
    {
        var state = new StudyState();
        var scan = new JournalScan(_file, default, _kept.Offset);
        while (scan.Next() is { } events)
        {
            foreach (var recorded in events)
                state.Apply(recorded);
        }

        return state;
    }

    /// <summary>Goes through what follows the last whole transaction before the damage.</summary>
    private JournalDiagnosis Cut()
    {
        var damage = _damage ?? (_kept.Version + 1, _kept.Offset, "what stands there is not what pbt writes", true);
        var cut = new CutPart(_state);
        var reader = new JournalLineReader(_file, _end);
        for (var line = 1L; reader.Next(); line++)
        {
            if (reader.Offset < _kept.Offset)
                continue;

            if (TryRead(reader) is { } recorded)
                cut.Add(recorded, line, line > damage.Line);
            else
                cut.AddUnreadable(reader.NextOffset - reader.Offset);
        }

        return new JournalDiagnosis
        {
            Condition = JournalCondition.Damaged,
            State = _state,
            KeptEvents = _kept.Version,
            KeptBytes = _kept.Offset,
            CutBytes = _end - _kept.Offset,
            DamagedLine = damage.Line,
            DamagedOffset = damage.Offset,
            What = damage.What,
            UnreadableLines = cut.Unreadable,
            CutEvents = cut.Kinds.ToImmutableSortedDictionary(StringComparer.Ordinal),
            IntactLines = [.. cut.Intact],
            LostIntervals = [.. cut.Lost],
            LostUnknownIntervals = cut.LostUnknown,
            Workers = [.. cut.Workers.Values],
            HighestAttempt = new(cut.HighestAttempt + (cut.UnreadableBytes == 0 ? 0 : (cut.UnreadableBytes / ShortestLine) + 1)),
        };
    }

    private RecordedEvent? TryRead(JournalLineReader reader)
    {
        try
        {
            return reader.IsEnded ? JournalLine.Read(reader.Line, _pool, out _) : null;
        }
        catch (Exception e) when (e is JsonException or NewerJournalException)
        {
            return null;
        }
    }

    /// <summary>Gathers what the part that would be cut holds, of which no fold is possible.</summary>
    private sealed class CutPart
    {
        private readonly Dictionary<AttemptId, LostInterval> _attempts;

        public CutPart(StudyState kept)
        {
            _attempts = kept.Attempts.ToDictionary(static a => a.Id, static a => new LostInterval(a.Member, a.Interval));
            Workers = kept.Workers.ToDictionary(static w => w.Id);
            HighestAttempt = kept.NextAttempt.Value - 1;
        }

        public Dictionary<string, long> Kinds { get; } = new(StringComparer.Ordinal);

        public Dictionary<WorkerId, WorkerState> Workers { get; }

        public List<LostInterval> Lost { get; } = [];

        public List<(long First, long Last)> Intact { get; } = [];

        public long LostUnknown { get; private set; }

        public long Unreadable { get; private set; }

        public long UnreadableBytes { get; private set; }

        public long HighestAttempt { get; private set; }

        public void AddUnreadable(long bytes)
        {
            Unreadable++;
            UnreadableBytes += bytes;
        }

        public void Add(RecordedEvent recorded, long line, bool isAfterDamage)
        {
            var kind = Encoding.UTF8.GetString(EventNames.Of(recorded.Event));
            Kinds[kind] = Kinds.GetValueOrDefault(kind) + 1;
            if (isAfterDamage && Intact.Count > 0 && Intact[^1].Last == line - 1)
                Intact[^1] = (Intact[^1].First, line);
            else if (isAfterDamage)
                Intact.Add((line, line));

            switch (recorded.Event)
            {
                case AttemptStarted e:
                    _attempts[e.Attempt] = new LostInterval(e.Member, e.Interval);
                    HighestAttempt = Math.Max(HighestAttempt, e.Attempt.Value);
                    break;
                case IntervalCompleted e when _attempts.TryGetValue(e.Attempt, out var lost):
                    Lost.Add(lost);
                    break;
                case IntervalCompleted e:
                    LostUnknown++;
                    HighestAttempt = Math.Max(HighestAttempt, e.Attempt.Value);
                    break;
                case LogRepaired e:
                    HighestAttempt = Math.Max(HighestAttempt, e.NextAttempt.Value - 1);
                    break;
                case WorkerJoined e:
                    Workers[e.Worker] = new WorkerState(e.Worker, e.Host, e.Pid, e.BootId, e.StartTime, e.Slots);
                    break;
                case WorkerLeft e:
                    Workers.Remove(e.Worker);
                    break;
                case WorkerLost e:
                    Workers.Remove(e.Worker);
                    break;
                default:
                    break;
            }
        }
    }
}

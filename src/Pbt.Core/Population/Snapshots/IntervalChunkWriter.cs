using System.Runtime.InteropServices;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Population.Snapshots;

/// <summary>Makes the bytes that <see cref="IntervalChunk"/> reads.</summary>
/// <remarks>Not thread-safe; one serves many chunks.</remarks>
internal sealed class IntervalChunkWriter
{
    private readonly SnapshotWriter _records = new(16 << 10);
    private readonly SnapshotWriter _chunk = new(16 << 10);
    private readonly List<string> _texts = [];
    private readonly List<Hyperparameters> _hyperparameters = [];
    private readonly List<string[]> _metrics = [];

    /// <summary>The bytes of these records of a member, valid until the next call.</summary>
    /// <exception cref="InvalidOperationException">The records do not count up: no log that is in order has such.</exception>
    public ReadOnlySpan<byte> Encode(MemberId member, int firstInterval, ReadOnlySpan<IntervalRecord> records)
    {
        _records.Clear();
        _texts.Clear();
        _hyperparameters.Clear();
        _metrics.Clear();
        IntervalRecord? last = null;
        foreach (var record in records)
        {
            if (record.Interval != (last is null ? firstInterval : last.Interval + 1))
                throw new InvalidOperationException($"Interval {record.Interval} of {member} is not in its place.");

            Write(member, record, last);
            last = record;
        }

        _chunk.Clear();
        _chunk.Number((ulong)records.Length);
        WriteTables();
        _chunk.Raw(_records.Written);
        return _chunk.Written;
    }

    private void Write(MemberId member, IntervalRecord record, IntervalRecord? last)
    {
        var parts = PartsOf(member, record, last);
        _records.Number((ulong)parts);
        _records.Signed(record.Attempt.Value - (last?.Attempt.Value ?? 0));
        _records.Signed(record.Time.UtcTicks - (last?.Time.UtcTicks ?? 0));
        _records.Signed(record.Steps);
        _records.Signed(record.LineageSteps);
        _records.Double(record.Seconds);
        if (record.Score is { } score)
            _records.Double(score);

        if (record.Smoothed is { } smoothed)
            _records.Double(smoothed);

        if (record.Donor is { } donor)
            _records.Signed(donor.Value);

        if (record.Start is { } start)
            _records.Checkpoint(start);

        if (parts.HasFlag(IntervalChunk.Parts.OtherCheckpoint))
            _records.Checkpoint(record.Checkpoint!.Value);

        if (!parts.HasFlag(IntervalChunk.Parts.SameHyperparameters))
            Write(record.Hyperparameters);

        if (parts.HasFlag(IntervalChunk.Parts.Samples))
        {
            _records.Number((ulong)record.Samples.Length);
            foreach (var sample in record.Samples)
                _records.Double(sample);
        }

        if (parts.HasFlag(IntervalChunk.Parts.Metrics))
            WriteMetrics(record);
    }

    private static IntervalChunk.Parts PartsOf(MemberId member, IntervalRecord record, IntervalRecord? last)
    {
        var parts = IntervalChunk.Parts.None;
        if (record.Score is not null)
            parts |= IntervalChunk.Parts.Score;

        if (record.Smoothed is not null)
            parts |= IntervalChunk.Parts.Smoothed;

        if (record.Donor is not null)
            parts |= IntervalChunk.Parts.Donor;

        if (record.Start is not null)
            parts |= IntervalChunk.Parts.Start;

        if (record.Checkpoint is { } checkpoint)
            parts |= checkpoint == new CheckpointId(member, record.Interval, record.Attempt) ? IntervalChunk.Parts.OwnCheckpoint : IntervalChunk.Parts.OtherCheckpoint;

        if (last is not null && record.Hyperparameters.Equals(last.Hyperparameters))
            parts |= IntervalChunk.Parts.SameHyperparameters;

        if (!record.Samples.IsDefaultOrEmpty)
            parts |= IntervalChunk.Parts.Samples;

        return record.Metrics.IsEmpty ? parts : parts | IntervalChunk.Parts.Metrics;
    }

    private void Write(Hyperparameters hyperparameters)
    {
        var list = _hyperparameters.FindIndex(known => HaveSameNames(known, hyperparameters));
        if (list < 0)
        {
            list = _hyperparameters.Count;
            _hyperparameters.Add(hyperparameters);
            for (var i = 0; i < hyperparameters.Count; i++)
                IndexOf(hyperparameters[i].Key);
        }

        _records.Number((ulong)list);
        for (var i = 0; i < hyperparameters.Count; i++)
        {
            var value = hyperparameters[i].Value;
            if (value.Kind == HyperparameterValueKind.Text)
                _records.Number((ulong)IndexOf(value.Text));
            else
                HyperparametersCodec.WriteNumber(_records, value);
        }
    }

    private static bool HaveSameNames(Hyperparameters one, Hyperparameters other)
    {
        if (one.Count != other.Count)
            return false;

        for (var i = 0; i < one.Count; i++)
        {
            if (one[i].Value.Kind != other[i].Value.Kind || !string.Equals(one[i].Key, other[i].Key, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private void WriteMetrics(IntervalRecord record)
    {
        var list = _metrics.FindIndex(known => HasNames(record, known));
        if (list < 0)
        {
            list = _metrics.Count;
            _metrics.Add([.. record.Metrics.Keys]);
            foreach (var name in _metrics[^1])
                IndexOf(name);
        }

        _records.Number((ulong)list);
        foreach (var (_, value) in record.Metrics)
            _records.Double(value);
    }

    private static bool HasNames(IntervalRecord record, string[] names)
    {
        if (record.Metrics.Count != names.Length)
            return false;

        var at = 0;
        foreach (var (name, _) in record.Metrics)
        {
            if (!string.Equals(names[at++], name, StringComparison.Ordinal))
                return false;
        }

        return true;
    }

    private void WriteTables()
    {
        _chunk.Number((ulong)_texts.Count);
        foreach (var text in _texts)
            _chunk.Text(text);

        _chunk.Number((ulong)_hyperparameters.Count);
        foreach (var list in _hyperparameters)
        {
            _chunk.Number((ulong)list.Count);
            for (var i = 0; i < list.Count; i++)
            {
                _chunk.Number((ulong)IndexOf(list[i].Key));
                _chunk.Number((ulong)list[i].Value.Kind);
            }
        }

        _chunk.Number((ulong)_metrics.Count);
        foreach (var list in _metrics)
        {
            _chunk.Number((ulong)list.Length);
            foreach (var name in list)
                _chunk.Number((ulong)IndexOf(name));
        }
    }

    private int IndexOf(string text)
    {
        var texts = CollectionsMarshal.AsSpan(_texts);
        for (var i = 0; i < texts.Length; i++)
        {
            if (string.Equals(texts[i], text, StringComparison.Ordinal))
                return i;
        }

        _texts.Add(text);
        return texts.Length;
    }
}

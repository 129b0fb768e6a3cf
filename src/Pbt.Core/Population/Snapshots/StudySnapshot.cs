using Pbt.Core.Studies;

namespace Pbt.Core.Population.Snapshots;

/// <summary>A study's state as bytes: a cache of a fold, never a truth.</summary>
/// <remarks>
/// Pure. Equal states have equal bytes, whatever way they came to be. The bytes are for this build of pbt alone: who keeps
/// them must keep with them which build wrote them, and of which log they are the fold.
/// </remarks>
public static class StudySnapshot
{
    private const int TypicalRecord = 100;
    private const int Overhead = 64 << 10;

    /// <summary>The state's bytes.</summary>
    /// <remarks>
    /// Changes how the state holds old intervals, though not what it says: nobody else may use the state meanwhile. The bytes
    /// are the caller's own.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The state is not the fold of a log that is in order.</exception>
    /// <exception cref="OverflowException">The state takes more than 2 GiB.</exception>
    public static ReadOnlyMemory<byte> Encode(StudyState state)
    {
        var writer = new SnapshotWriter(Capacity(state));
        state.Write(writer);
        return writer.Detach();
    }

    /// <summary>The state that has these bytes; null if they are none that this pbt wrote.</summary>
    /// <remarks>
    /// Any bytes may be given: all are checked, and what is made of them is limited by their number. The state keeps them
    /// and decodes old intervals as they are asked for, so they must not change.
    /// </remarks>
    public static StudyState? Decode(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new SnapshotReader(bytes.Span);
            var state = StudyState.Read(ref reader, bytes);
            return reader.Left == 0 ? state : null;
        }
        catch (InvalidSnapshotException)
        {
            return null;
        }
    }

    /// <summary>A state of the caller's own that says the same.</summary>
    /// <remarks>Nobody else may use the state meanwhile, as for <see cref="Encode"/>.</remarks>
    /// <exception cref="InvalidOperationException">The state is not the fold of a log that is in order.</exception>
    public static StudyState Copy(StudyState state) => state.Copy();

    /// <summary>How many bytes a state will take, about.</summary>
    internal static int Capacity(StudyState state) =>
        (int)Math.Min(Overhead + ((state.CompletedIntervals + state.FailedIntervals) * TypicalRecord), Array.MaxLength);

    internal static StudySpec? ReadSpec(string? json)
    {
        if (json is null)
            return null;

        if (SpecReader.Read(json, "snapshot", "/") is SpecResult.Valid { Spec: var spec })
            return spec;

        SnapshotReader.Refuse();
        return null;
    }

    internal static void WriteRecord(SnapshotWriter writer, IntervalChunkWriter chunks, MemberId member, IntervalRecord? record)
    {
        writer.Number(record is null ? 0UL : (ulong)record.Interval);
        if (record is not null)
            writer.Block(chunks.Encode(member, record.Interval, [record]));
    }

    internal static IntervalRecord? ReadRecord(ref SnapshotReader reader, MemberId member)
    {
        var interval = reader.Below(int.MaxValue);
        if (interval == 0)
            return null;

        var records = IntervalChunk.Decode(reader.Raw(reader.Count()), member, interval);
        SnapshotReader.Expect(records.Length == 1);
        return records[0];
    }
}

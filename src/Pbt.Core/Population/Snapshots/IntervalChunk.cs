using System.Collections.Immutable;

namespace Pbt.Core.Population.Snapshots;

/// <summary>Successive intervals of one member as bytes: about 80 each, where objects take 500.</summary>
/// <remarks>
/// <para>
/// The number of intervals; the texts they use; the names and kinds of their hyperparameters and the names of their metrics,
/// each list of these once; then the records, times and attempts as differences to the record before.
/// </para>
/// <para>
/// The bytes depend on the records alone, so equal histories have equal bytes. <see cref="Check"/> reads everything
/// and makes nothing: bytes that pass it can be decoded later.
/// </para>
/// </remarks>
internal static class IntervalChunk
{
    /// <summary>The fewest bytes that a record takes.</summary>
    public const int LeastRecord = 13;

    /// <summary>What a record has.</summary>
    [Flags]
    internal enum Parts
    {
        None = 0,
        Score = 1,
        Donor = 2,
        Start = 4,

        /// <summary>The checkpoint is named for the record's own member, interval and attempt.</summary>
        OwnCheckpoint = 8,
        OtherCheckpoint = 16,

        /// <summary>The hyperparameters are those of the record before.</summary>
        SameHyperparameters = 32,
        Samples = 64,
        Metrics = 128,
        Smoothed = 256,
        All = 511,
    }

    /// <summary>Decodes the records, of which the first has this number.</summary>
    /// <exception cref="InvalidSnapshotException">These bytes are no chunk.</exception>
    public static IntervalRecord[] Decode(ReadOnlySpan<byte> bytes, MemberId member, int firstInterval)
    {
        var reader = new SnapshotReader(bytes);
        var records = new IntervalRecord[ReadCount(ref reader)];
        var tables = new ChunkTables(ref reader);
        var (attempt, ticks) = (0L, 0L);
        for (var i = 0; i < records.Length; i++)
        {
            var parts = ReadParts(ref reader, i == 0);
            attempt += reader.Signed();
            ticks += reader.Signed();
            var interval = firstInterval + i;
            records[i] = new IntervalRecord
            {
                Interval = interval,
                Attempt = new(attempt),
                Time = SnapshotReader.TimeOf(ticks),
                Steps = reader.Signed(),
                LineageSteps = reader.Signed(),
                Seconds = reader.Double(),
                Score = parts.HasFlag(Parts.Score) ? reader.Double() : null,
                Smoothed = parts.HasFlag(Parts.Smoothed) ? reader.Double() : null,
                Donor = parts.HasFlag(Parts.Donor) ? new MemberId(reader.Int()) : null,
                Start = parts.HasFlag(Parts.Start) ? reader.Checkpoint() : null,
                Checkpoint = parts.HasFlag(Parts.OwnCheckpoint) ? new CheckpointId(member, interval, new(attempt)) : parts.HasFlag(Parts.OtherCheckpoint) ? reader.Checkpoint() : null,
                Hyperparameters = parts.HasFlag(Parts.SameHyperparameters) ? records[i - 1].Hyperparameters : tables.ReadHyperparameters(ref reader),
                Samples = parts.HasFlag(Parts.Samples) ? ReadSamples(ref reader) : [],
                Metrics = parts.HasFlag(Parts.Metrics) ? tables.ReadMetrics(ref reader) : ImmutableSortedDictionary<string, double>.Empty,
            };
        }

        SnapshotReader.Expect(reader.Left == 0);
        return records;
    }

    /// <summary>Reads all and makes nothing; returns how many records there are.</summary>
    /// <exception cref="InvalidSnapshotException">These bytes are no chunk.</exception>
    public static int Check(ReadOnlySpan<byte> bytes)
    {
        var reader = new SnapshotReader(bytes);
        var count = ReadCount(ref reader);
        var tables = new ChunkTables(ref reader, check: true);
        var ticks = 0L;
        for (var i = 0; i < count; i++)
        {
            var parts = ReadParts(ref reader, i == 0);
            reader.Signed();
            ticks += reader.Signed();
            SnapshotReader.TimeOf(ticks);
            reader.Signed();
            reader.Signed();
            reader.Raw(sizeof(double));
            if (parts.HasFlag(Parts.Score))
                reader.Raw(sizeof(double));

            if (parts.HasFlag(Parts.Smoothed))
                reader.Raw(sizeof(double));

            if (parts.HasFlag(Parts.Donor))
                reader.Int();

            if (parts.HasFlag(Parts.Start))
                reader.Checkpoint();

            if (parts.HasFlag(Parts.OtherCheckpoint))
                reader.Checkpoint();

            if (!parts.HasFlag(Parts.SameHyperparameters))
                tables.CheckHyperparameters(ref reader);

            if (parts.HasFlag(Parts.Samples))
                reader.Raw(reader.Count(sizeof(double)) * sizeof(double));

            if (parts.HasFlag(Parts.Metrics))
                tables.CheckMetrics(ref reader);
        }

        SnapshotReader.Expect(reader.Left == 0);
        return count;
    }

    private static int ReadCount(ref SnapshotReader reader)
    {
        var count = reader.Count(LeastRecord);
        SnapshotReader.Expect(count > 0);
        return count;
    }

    private static Parts ReadParts(ref SnapshotReader reader, bool isFirst)
    {
        var parts = (Parts)reader.Below((int)Parts.All + 1);
        const Parts BothCheckpoints = Parts.OwnCheckpoint | Parts.OtherCheckpoint;
        SnapshotReader.Expect(!parts.HasFlag(BothCheckpoints) && !(isFirst && parts.HasFlag(Parts.SameHyperparameters)));
        return parts;
    }

    private static ImmutableArray<double> ReadSamples(ref SnapshotReader reader)
    {
        var samples = new double[reader.Count(sizeof(double))];
        for (var i = 0; i < samples.Length; i++)
            samples[i] = reader.Double();

        return System.Runtime.InteropServices.ImmutableCollectionsMarshal.AsImmutableArray(samples);
    }
}

using Pbt.Core.Population.Snapshots;

namespace Pbt.Core.Population;

public sealed partial class MemberState
{
    private MemberState(MemberId id, ref SnapshotReader reader, ReadOnlyMemory<byte> bytes, int members)
    {
        Id = id;
        Phase = reader.Choice<MemberPhase>();
        Hyperparameters = HyperparametersCodec.Read(ref reader);
        Start = reader.OptionalCheckpoint();
        Donor = reader.OptionalMember(members);
        Failures = new(reader.Int(), reader.Int());
        FailuresSinceResume = new(reader.Int(), reader.Int());
        LastFailure = reader.OptionalText();
        Latest = StudySnapshot.ReadRecord(ref reader, id);
        if (reader.OptionalMember(members) is { } best)
        {
            var record = StudySnapshot.ReadRecord(ref reader, best);
            SnapshotReader.Expect(record is { Score: not null });
            Best = new(best, record!);
        }

        _history = IntervalHistory.Read(ref reader, bytes, id);
    }

    /// <summary>Writes everything but the running attempt, which is the study's.</summary>
    internal void Write(SnapshotWriter writer, IntervalChunkWriter chunks)
    {
        writer.Number((ulong)Phase);
        HyperparametersCodec.Write(writer, Hyperparameters);
        writer.OptionalCheckpoint(Start);
        writer.OptionalMember(Donor);
        Write(writer, Failures);
        Write(writer, FailuresSinceResume);
        writer.OptionalText(LastFailure);
        StudySnapshot.WriteRecord(writer, chunks, Id, Latest);
        writer.OptionalMember(Best?.Member);
        if (Best is { } best)
            StudySnapshot.WriteRecord(writer, chunks, best.Member, best.Record);

        _history.Write(writer, chunks);
    }

    internal static MemberState Read(MemberId id, ref SnapshotReader reader, ReadOnlyMemory<byte> bytes, int members) => new(id, ref reader, bytes, members);

    private static void Write(SnapshotWriter writer, FailureCount count)
    {
        writer.Signed(count.Own);
        writer.Signed(count.Killed);
    }
}

using Pbt.Core.Population.Snapshots;
using Pbt.Core.Studies;

namespace Pbt.Core.Population;

public sealed partial class StudyState
{
    private const int LeastMember = 12;
    private const int LeastAttempt = 6;
    private const int LeastWorker = 6;
    private const int LeastBest = 2;

    private StudyState(ref SnapshotReader reader, ReadOnlyMemory<byte> bytes)
    {
        _spec = StudySnapshot.ReadSpec(reader.OptionalText());
        ReadNumbers(ref reader);
        var members = reader.Count(LeastMember);
        for (var i = 0; i < members; i++)
            _members.Add(MemberState.Read(new(i), ref reader, bytes, members));

        for (var left = reader.Count(LeastAttempt); left > 0; left--)
            ReadAttempt(ref reader);

        for (var left = reader.Count(LeastWorker); left > 0; left--)
        {
            var worker = new WorkerState(new(reader.Text()), reader.Text(), reader.Int(), reader.OptionalText(), reader.Signed(), reader.Int());
            SnapshotReader.Expect(worker.Id.IsValid && _workers.TryAdd(worker.Id, worker));
        }

        for (var left = reader.Count(LeastBest); left > 0; left--)
        {
            var member = new MemberId(reader.Below(members));
            var record = StudySnapshot.ReadRecord(ref reader, member);
            SnapshotReader.Expect(record is { Score: not null });
            _best.Add(new(member, record!));
        }

        _ledger = CheckpointLedger.Read(ref reader);
        for (var i = 0; i < members; i++)
        {
            var kept = new Queue<CheckpointId>();
            for (var left = reader.Count(); left > 0; left--)
                kept.Enqueue(reader.Checkpoint());

            _kept.Add(kept);
        }
    }

    /// <summary>Writes everything; the same bytes for equal states.</summary>
    internal void Write(SnapshotWriter writer) => Write(writer, _spec is null ? null : SpecWriter.ToJson(_spec));

    /// <summary>A state of the caller's own that says the same.</summary>
    internal StudyState Copy()
    {
        var writer = new SnapshotWriter(StudySnapshot.Capacity(this));
        Write(writer, spec: null);
        var bytes = writer.Detach();
        var reader = new SnapshotReader(bytes.Span);
        return new StudyState(ref reader, bytes) { _spec = _spec };
    }

    private void Write(SnapshotWriter writer, string? spec)
    {
        writer.OptionalText(spec);
        WriteNumbers(writer);
        var chunks = new IntervalChunkWriter();
        writer.Number((ulong)_members.Count);
        foreach (var member in _members)
            member.Write(writer, chunks);

        writer.Number((ulong)_attempts.Count);
        foreach (var attempt in InOrder(_attempts.Values))
            WriteAttempt(writer, attempt);

        writer.Number((ulong)_workers.Count);
        foreach (var worker in _workers.Values)
            WriteWorker(writer, worker);

        writer.Number((ulong)_best.Count);
        foreach (var (member, record) in _best)
        {
            writer.Number((ulong)member.Value);
            StudySnapshot.WriteRecord(writer, chunks, member, record);
        }

        _ledger.Write(writer);
        foreach (var kept in _kept)
        {
            writer.Number((ulong)kept.Count);
            foreach (var id in kept)
                writer.Checkpoint(id);
        }
    }

    internal static StudyState Read(ref SnapshotReader reader, ReadOnlyMemory<byte> bytes) => new(ref reader, bytes);

    private void WriteNumbers(SnapshotWriter writer)
    {
        writer.Signed(SpecVersion);
        writer.Signed(Version);
        writer.Time(LastTime);
        writer.Time(Created);
        writer.Number((ulong)Phase);
        writer.OptionalText(EndReason);
        writer.Signed(NextAttempt.Value);
        writer.Signed(CompletedIntervals);
        writer.Signed(FailedIntervals);
        writer.Signed(TotalSteps);
        writer.Signed(ActiveTime.Ticks);
        writer.Number((ulong)_comparedByAll);
    }

    private void ReadNumbers(ref SnapshotReader reader)
    {
        SpecVersion = reader.Signed();
        Version = reader.Signed();
        LastTime = reader.Time();
        Created = reader.Time();
        Phase = reader.Choice<StudyPhase>();
        EndReason = reader.OptionalText();
        NextAttempt = new(reader.Signed());
        CompletedIntervals = reader.Signed();
        FailedIntervals = reader.Signed();
        TotalSteps = reader.Signed();
        ActiveTime = new(reader.Signed());
        _comparedByAll = reader.Below(int.MaxValue);
    }

    private static void WriteAttempt(SnapshotWriter writer, RunningAttempt attempt)
    {
        writer.Signed(attempt.Id.Value);
        writer.Number((ulong)attempt.Member.Value);
        writer.Signed(attempt.Interval);
        writer.Text(attempt.Worker.Value);
        writer.OptionalCheckpoint(attempt.CheckpointIn);
        writer.Signed(attempt.Seed);
        writer.Time(attempt.Started);
    }

    private void ReadAttempt(ref SnapshotReader reader)
    {
        var id = new AttemptId(reader.Signed());
        var member = _members[reader.Below(_members.Count)];
        var attempt = new RunningAttempt(id, member.Id, reader.Int(), new(reader.Text()), reader.OptionalCheckpoint(), reader.Int(), reader.Time());
        SnapshotReader.Expect(member.Running is null && _attempts.TryAdd(id, attempt));
        member.Running = attempt;
    }

    private static void WriteWorker(SnapshotWriter writer, WorkerState worker)
    {
        writer.Text(worker.Id.Value);
        writer.Text(worker.Host);
        writer.Signed(worker.Pid);
        writer.OptionalText(worker.BootId);
        writer.Signed(worker.StartTime);
        writer.Signed(worker.Slots);
    }
}

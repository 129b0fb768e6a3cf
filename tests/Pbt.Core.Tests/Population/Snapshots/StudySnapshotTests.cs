using System.Reflection;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population.Snapshots;

/// <summary>A snapshot is the state, whole, and nothing else passes for one.</summary>
public sealed class StudySnapshotTests
{
    private const int Steps = 2500;

    public static TheoryData<int> Seeds => [.. Enumerable.Range(1, 12)];

    [Theory]
    [MemberData(nameof(Seeds))]
    public void A_fold_that_goes_on_from_a_snapshot_is_the_fold_of_all(int seed)
    {
        var log = RandomStudy.Log(seed, Steps);
        var whole = StudyState.Fold(log);
        var expected = StudySnapshot.Encode(whole).ToArray();
        foreach (var cut in (int[])[0, 1, log.Count / 3, log.Count / 2, log.Count * 4 / 5, log.Count])
        {
            var state = Copy(StudyState.Fold(log.Take(cut)));
            for (var i = cut; i < log.Count; i++)
            {
                state.Apply(log[i]);
                if (i % 499 == 0)
                    state = Copy(state);
            }

            Assert.Equal(-1, FirstDifference(expected, StudySnapshot.Encode(state).Span));
            AssertSame(whole, state);
        }
    }

    [Fact]
    public void The_random_studies_go_through_everything()
    {
        var logs = Enumerable.Range(1, 12).Select(static seed => RandomStudy.Log(seed, Steps)).ToList();

        var kinds = logs.SelectMany(static log => log.Select(static r => r.Event.GetType())).ToHashSet();
        foreach (var kind in (Type[])[typeof(WorkerLost), typeof(WorkerLeft), typeof(AttemptFailed), typeof(IntervalCompleted), typeof(MemberDecided), typeof(SpecChanged), typeof(StudyResumed), typeof(StudyStopped), typeof(StudyPaused)])
            Assert.Contains(kind, kinds);

        var states = logs.Select(StudyState.Fold).ToList();
        Assert.Contains(states, static s => s.Members.Any(static m => m.Intervals > 3 * 64));
        Assert.Contains(states, static s => s.FailedIntervals > 0);
        Assert.Contains(states, static s => s.Attempts.Count > 1);
        Assert.Contains(states, static s => s.ReleasedCheckpoints.Count > 100 && s.BestIntervals.Count > 1);
    }

    [Fact]
    public void A_failed_interval_is_taken_back_though_it_was_packed()
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with
        {
            Population = 2,
            Budget = new(Intervals: 1000),
            Exploit = new NoExploit(),
            Trainer = RandomStudy.Trainer with { MaxAttempts = 1 },
        });
        for (var round = 0; round < 127; round++)
            study.RunRound(static member => member);

        study.Fail(study.Claim());
        study.Fail(study.Claim());
        study.At(TimeSpan.FromSeconds(1));
        Assert.Equal((StudyPhase.Failed, 128), (study.State.Phase, study[0].Intervals));
        var state = Copy(study.State);

        study.Transaction.Add(new StudyResumed());
        state.Apply(study.Transaction.Events[^1]);

        Assert.Equal(127, state.Members[0].Intervals);
        AssertSame(study.State, state);
    }

    [Fact]
    public void Every_field_of_a_state_is_known_to_the_snapshot()
    {
        Dictionary<Type, string> known = new()
        {
            [typeof(StudyState)] = "_attempts _best _comparedByAll _kept _ledger _members _spec _workers ActiveTime CompletedIntervals Created EndReason FailedIntervals LastTime NextAttempt Phase SpecVersion TotalSteps Version",
            [typeof(MemberState)] = "_history Best Donor Failures FailuresSinceResume Hyperparameters Id LastFailure Latest Phase Running Start",
            [typeof(CheckpointLedger)] = "_damaged _needs _released",
            [typeof(IntervalHistory)] = "_packed _recent _unpacked member",
            [typeof(IntervalRecord)] = "Attempt Checkpoint Donor Hyperparameters Interval LineageSteps Metrics Samples Score Seconds Smoothed Start Steps Time",
            [typeof(RunningAttempt)] = "CheckpointIn Id Interval Member Seed Started Worker",
            [typeof(WorkerState)] = "BootId Host Id Pid Slots StartTime",
            [typeof(BestInterval)] = "Member Record",
            [typeof(FailureCount)] = "Killed Own",
            [typeof(CheckpointId)] = "Attempt Interval Member",
            [typeof(Hyperparameters)] = "_entries",
            [typeof(HyperparameterValue)] = "_bits _text Kind",
        };

        foreach (var (type, names) in known)
        {
            var fields = type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
                .Select(static f => f.Name.StartsWith('<') ? f.Name[1..f.Name.IndexOf('>', StringComparison.Ordinal)] : f.Name)
                .Order(StringComparer.Ordinal);
            Assert.True(
                string.Join(' ', fields).Equals(string.Join(' ', names.Split(' ').Order(StringComparer.Ordinal)), StringComparison.Ordinal),
                $"{type.Name} has other fields than its snapshot knows: {string.Join(' ', fields)}. Write and read the new one where the type's snapshot is written and read, then name it here.");
        }
    }

    [Fact]
    public void Bytes_that_are_no_snapshot_are_refused_and_never_harm()
    {
        var bytes = StudySnapshot.Encode(StudyState.Fold(RandomStudy.Log(3, 600))).ToArray();
        var random = new RandomStream(5, 0, 0, RandomPurpose.InitialDesign);
        Assert.NotNull(StudySnapshot.Decode(bytes));
        for (var length = 0; length < bytes.Length; length += length < 200 ? 1 : 97)
            Assert.Null(StudySnapshot.Decode(bytes.AsMemory(0, length)));

        Assert.Null(StudySnapshot.Decode((byte[])[.. bytes, 0]));
        for (var run = 0; run < 4000; run++)
        {
            var damaged = bytes.ToArray();
            for (var flips = 1 + random.NextInt(3); flips > 0; flips--)
                damaged[random.NextInt(damaged.Length)] = (byte)random.NextInt(256);

            // Either it is refused at once, or all of it can be read.
            if (StudySnapshot.Decode(damaged) is { } state)
                Assert.All(state.Members, static m => Assert.Equal(m.Intervals, m.History.Count(static r => r.Hyperparameters.Count >= 0)));
        }

        for (var run = 0; run < 2000; run++)
        {
            var noise = new byte[random.NextInt(300)];
            for (var i = 0; i < noise.Length; i++)
                noise[i] = (byte)random.NextInt(256);

            _ = StudySnapshot.Decode(noise);
        }
    }

    [Fact]
    public void A_count_that_the_bytes_cannot_hold_allocates_nothing()
    {
        // No spec, the numbers of an empty study, then 2^31 members.
        var empty = StudySnapshot.Encode(new StudyState()).ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var at = 0; at < empty.Length; at++)
            Assert.Null(StudySnapshot.Decode((byte[])[.. empty.AsSpan(0, at), 0xff, 0xff, 0xff, 0xff, 0x07]));

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    private static StudyState Copy(StudyState state)
    {
        var bytes = StudySnapshot.Encode(state);
        var copy = StudySnapshot.Decode(bytes);
        Assert.NotNull(copy);
        Assert.Equal(-1, FirstDifference(bytes.Span, StudySnapshot.Encode(copy).Span));
        return copy;
    }

    private static int FirstDifference(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        one.SequenceEqual(other) ? -1 : one.CommonPrefixLength(other);

    /// <summary>Compares by what a state says, not by its bytes.</summary>
    private static void AssertSame(StudyState expected, StudyState actual)
    {
        Assert.Equal(OutcomeDigest.Of(expected), OutcomeDigest.Of(actual), StringComparer.Ordinal);
        Assert.Equal(
            (expected.Version, expected.SpecVersion, expected.Phase, expected.EndReason, expected.LastTime, expected.Created, expected.ActiveTime),
            (actual.Version, actual.SpecVersion, actual.Phase, actual.EndReason, actual.LastTime, actual.Created, actual.ActiveTime));
        Assert.Equal(
            (expected.NextAttempt, expected.CompletedIntervals, expected.FailedIntervals, expected.TotalSteps),
            (actual.NextAttempt, actual.CompletedIntervals, actual.FailedIntervals, actual.TotalSteps));
        Assert.Equal(expected.ReleasedCheckpoints, actual.ReleasedCheckpoints);
        Assert.Equal(expected.LiveCheckpoints.ToHashSet(), actual.LiveCheckpoints.ToHashSet());
        Assert.Equal(expected.Workers.ToHashSet(), actual.Workers.ToHashSet());
        Assert.Equal(expected.Attempts.ToHashSet(), actual.Attempts.ToHashSet());
        Assert.Equal(expected.BestIntervals.Select(static b => (b.Member, Said(b.Record))), actual.BestIntervals.Select(static b => (b.Member, Said(b.Record))));
        Assert.All(expected.Members, (member, i) => AssertSame(member, actual.Members[i]));
    }

    private static void AssertSame(MemberState expected, MemberState actual)
    {
        Assert.Equal((expected.Id, expected.Phase, expected.Start, expected.Donor, expected.Running), (actual.Id, actual.Phase, actual.Start, actual.Donor, actual.Running));
        Assert.Equal((expected.Failures, expected.FailuresSinceResume, expected.LastFailure), (actual.Failures, actual.FailuresSinceResume, actual.LastFailure));
        Assert.Equal((IEnumerable<KeyValuePair<string, HyperparameterValue>>)expected.Hyperparameters, actual.Hyperparameters);
        Assert.Equal(Said(expected.Latest), Said(actual.Latest), StringComparer.Ordinal);
        Assert.Equal((expected.Best?.Member, Said(expected.Best?.Record)), (actual.Best?.Member, Said(actual.Best?.Record)));
        Assert.Equal(expected.History.Select(Said), actual.History.Select(Said), StringComparer.Ordinal);
        for (var i = expected.History.Count - 1; i >= 0; i -= 41)
            Assert.Equal(Said(expected.History[i]), Said(actual.History[i]), StringComparer.Ordinal);
    }

    private static string Said(IntervalRecord? record) => record is null
        ? "none"
        : $"{record with { Samples = [], Metrics = System.Collections.Immutable.ImmutableSortedDictionary<string, double>.Empty }} {record.Score:R} " +
          $"[{string.Join(' ', record.Samples.Select(BitConverter.DoubleToInt64Bits))}] [{string.Join(' ', record.Metrics.Select(static m => $"{m.Key}={BitConverter.DoubleToInt64Bits(m.Value)}"))}]";
}

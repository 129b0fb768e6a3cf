using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Scheduling;

namespace Pbt.Core.Tests.Population;

/// <summary>The fold is total: an event follows and is applied, or it does not and nothing is changed.</summary>
public sealed class FoldPropertyTests
{
    [Fact]
    public void Any_event_is_applied_or_called_damage_and_then_changes_nothing() => ForAll(static random =>
    {
        var study = new RandomStudy(random.Next());
        for (var i = random.Next(150); i > 0; i--)
            study.Step();

        var state = StudyState.Fold(study.Log);
        var applied = 0;
        for (var i = 0; i < 300; i++)
        {
            var time = new DateTimeOffset(random.NextInt64(DateTimeOffset.MaxValue.Ticks), TimeSpan.Zero);
            var nonsense = new RecordedEvent(state.Version + (random.Next(20) == 0 ? random.Next(3) - 1 : 1), time, Nonsense(random, state));
            applied += TryApply(state, nonsense) ? 1 : 0;
            Recount.Check(state);
        }

        Assert.True(applied > 0);
    });

    [Fact]
    public void A_log_with_an_event_missing_doubled_or_moved_is_folded_or_called_damage() => ForAll(static random =>
    {
        var study = new RandomStudy(random.Next());
        for (var i = 0; i < 200; i++)
            study.Step();

        var events = study.Log.Select(static r => r.Event).ToList();
        var (from, to) = (random.Next(events.Count), random.Next(events.Count));
        var moved = events[from];
        if (random.Next(3) > 0)
            events.RemoveAt(from);
        if (random.Next(3) > 0)
            events.Insert(Math.Min(to, events.Count), moved);

        var verification = new Verification();
        try
        {
            for (var i = 0; i < events.Count; i++)
                verification.Verify(new RecordedEvent(i + 1, DateTimeOffset.UnixEpoch, events[i]));
        }
        catch (DamagedStoreException)
        {
            return;
        }

        // A budget that was extended before it is shortened by that, and nothing says that it may not be.
        if (moved is not SpecChanged)
            Recount.Check(verification.State);
    });

    private static bool TryApply(StudyState state, RecordedEvent recorded)
    {
        var before = (state.Version, state.Phase, state.CompletedIntervals, state.FailedIntervals, state.Attempts.Count, state.Workers.Count, state.LiveCheckpoints.Count, state.ActiveTime);
        try
        {
            state.Apply(recorded);
            return true;
        }
        catch (DamagedStoreException)
        {
            Assert.Equal(before, (state.Version, state.Phase, state.CompletedIntervals, state.FailedIntervals, state.Attempts.Count, state.Workers.Count, state.LiveCheckpoints.Count, state.ActiveTime));
            return false;
        }
    }

    private static StudyEvent Nonsense(Random random, StudyState state)
    {
        MemberId member = new(random.Next(-1, state.Spec.FirstMembers + 1)), other = new(random.Next(-1, state.Spec.FirstMembers + 1));
        AttemptId attempt = new(random.Next(2) == 0 ? state.NextAttempt.Value - random.Next(-1, 4) : random.NextInt64());
        WorkerId worker = state.Workers.Count > 0 && random.Next(3) > 0 ? state.Workers[0].Id : new WorkerId("nobody");
        var interval = random.Next(-1, 9);
        CheckpointId? checkpoint = random.Next(3) switch
        {
            0 => null,
            1 when state.LiveCheckpoints.Count > 0 => state.LiveCheckpoints.First(),
            _ => new CheckpointId(other, interval, attempt),
        };
        var values = state.Spec.Hyperparameters.Build((_, d) => d.FromUnit(random.NextDouble()));
        return random.Next(17) switch
        {
            0 => new StudyCreated(1, state.Spec, "x"),
            1 => new MemberCreated(member, values),
            2 => new WorkerJoined(new WorkerId($"n{random.Next(3)}"), "host", 1, null, 0, 1),
            3 => new WorkerLeft(worker),
            4 => new WorkerLost(worker, "x"),
            5 or 6 => new AttemptStarted(attempt, member, random.Next(2) == 0 && member.Value >= 0 && member.Value < state.Members.Count ? state[member].Intervals + 1 : interval, worker, checkpoint, 1),
            7 => new AttemptReleased(attempt, "x"),
            8 => new AttemptFailed(attempt, (FailureKind)random.Next(9), "x", null, random.Next(2) == 0),
            9 or 10 => new IntervalCompleted(attempt, random.Next(5) == 0 ? double.NaN : random.NextDouble(), random.Next(5) == 0 ? random.NextInt64() : random.Next(-3, 30), 1, [], ImmutableSortedDictionary<string, double>.Empty),
            11 => new MemberDecided(member, interval, (MemberAction)random.Next(5), random.Next(2) == 0 ? other : null, checkpoint, random.Next(2) == 0 ? values : null),
            15 => new MemberRetired(member, interval),
            12 => new StudyPaused(),
            13 => new StudyResumed(),
            14 => random.Next(4) == 0 ? new StudyStopped() : new StudyEnded((StudyOutcome)random.Next(2), "x"),
            _ => new SpecChanged(state.Spec with { Population = state.Spec.Population + random.Next(2), Budget = state.Spec.Budget with { Intervals = 10 + random.Next(5) } }, []),
        };
    }

    private static void ForAll(Action<Random> holds) => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        holds(new Random(seed));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
}

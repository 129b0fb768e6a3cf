using FsCheck;
using FsCheck.Fluent;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

/// <summary>What holds whatever is asked of the scheduler, in whatever order, under whatever spec.</summary>
public sealed class SchedulerPropertyTests
{
    private const int Steps = 300;

    [Fact]
    public void Every_call_leaves_a_sound_study() => ForAll(static study =>
    {
        for (var i = 0; i < Steps; i++)
        {
            study.Step();
            Recount.Check(study.State);
        }
    });

    [Fact]
    public void No_decision_refers_to_what_is_not_there_or_to_who_has_failed() => ForAll(static study =>
    {
        var judged = 0;
        var follower = new StudyState();
        for (var i = 0; i < Steps; i++)
        {
            study.Step();
            for (; judged < study.Log.Count; judged++)
            {
                Judge(follower, study.Log[judged].Event);
                follower.Apply(study.Log[judged]);
            }
        }
    });

    [Fact]
    public void Every_decision_is_recomputed_alike() => ForAll(static study =>
    {
        for (var i = 0; i < Steps; i++)
            study.Step();

        var verification = new Verification();
        foreach (var recorded in study.Log)
            verification.Verify(recorded);

        Assert.Empty(verification.Result.Differences);
        Assert.Equal(OutcomeDigest.Of(study.State), OutcomeDigest.Of(verification.State));
    });

    /// <summary>Looks at an event before it is folded.</summary>
    private static void Judge(StudyState before, StudyEvent happened)
    {
        switch (happened)
        {
            case MemberCreated e:
                Assert.True(before.Spec.Hyperparameters.Contains(e.Hyperparameters));
                break;
            case AttemptStarted e:
                Assert.True(before.Phase is StudyPhase.Created or StudyPhase.Running);
                Assert.NotNull(before.Find(e.Worker));
                Assert.Equal(before[e.Member].Start, e.CheckpointIn);
                Assert.True(e.Attempt.Value >= before.NextAttempt.Value);
                Assert.InRange(e.Interval, 1, before.Spec.Budget.Intervals ?? int.MaxValue);

                // Without an exploit nobody depends on anybody: members of a failed study that is resumed go on from where each was.
                if (before.Spec is { Mode: StudyMode.Synchronous, Exploit: not NoExploit })
                    Assert.True(e.Interval <= before.SlowestIntervals() + 1);
                if (before.Spec.MaxLead is { } lead)
                    Assert.True(e.Interval <= before.SlowestIntervals() + lead);
                break;
            case MemberDecided e:
                Assert.True(e.Hyperparameters is null || before.Spec.Hyperparameters.Contains(e.Hyperparameters));
                Assert.True(e.Checkpoint is not { } taken || (before.IsLive(taken) && before.Find(taken) is { Score: not null }));
                if (e.Donor is { } donor)
                    Assert.True(before[donor].IsRanked || before.Spec.Compare != ScoreComparison.Latest || before.Spec.Exploit.KeepsBestOfEach);
                if (e is { Donor: { } slow, Action: MemberAction.Exploit } && before.Spec is { Exploit.KeepsBestOfEach: false, Compare: ScoreComparison.SameInterval, Mode: StudyMode.Asynchronous })
                    Assert.NotNull(before[slow].History[e.Interval - 1].Score);
                break;
            default:
                break;
        }
    }

    private static void ForAll(Action<RandomStudy> holds) => Prop.ForAll(Gen.Choose(0, int.MaxValue - 1).ToArbitrary(), seed =>
    {
        holds(new RandomStudy(seed));
        return true;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
}

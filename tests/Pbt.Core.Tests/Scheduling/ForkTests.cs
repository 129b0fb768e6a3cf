using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

/// <summary>A study goes on from where another was, and a replay follows its schedule.</summary>
public sealed class ForkTests
{
    private static readonly StudySpec Parent = TestStudy.SynchronousSpec with { Budget = new(Intervals: 10), BurnIn = 1, Checkpoints = new(Every: 1) };

    [Fact]
    public void A_member_goes_on_from_what_was_decided_for_it()
    {
        var study = Run(Parent, rounds: 4);
        foreach (var decided in study.AllEvents().Select(static e => e.Event).OfType<MemberDecided>())
        {
            var point = ForkPoint.Of(study.State, study.State[decided.Member], decided.Interval)!;
            var record = study.State[decided.Member].History[decided.Interval - 1];

            Assert.Equal(decided.Checkpoint ?? record.Checkpoint, point.Checkpoint);
            Assert.Equal(decided.Hyperparameters ?? record.Hyperparameters, point.Hyperparameters);
            Assert.Equal(10L * decided.Interval, point.Steps);
        }

        Assert.Equal<int>([1, 2, 3, 4], ForkPoint.Available(study.State));
        Assert.Null(ForkPoint.Of(study.State, study[0], 0));
        Assert.Null(ForkPoint.Of(study.State, study[0], 5));
    }

    [Fact]
    public void After_the_last_interval_members_go_on_as_they_are_and_before_a_decision_there_is_nothing()
    {
        var ended = Run(Parent with { Budget = new(Intervals: 2) }, rounds: 2);
        Assert.Equal(ended[0].Latest!.Checkpoint, ForkPoint.Of(ended.State, ended[0], 2)!.Checkpoint);

        var waiting = new TestStudy(Parent);
        waiting.Complete(waiting.Claim(), 1);
        Assert.Null(ForkPoint.Of(waiting.State, waiting[0], 1));
    }

    [Fact]
    public void A_fork_has_the_members_of_its_parent_and_counts_its_steps_on()
    {
        var parent = Run(Parent, rounds: 4);
        var points = Points(parent, 3);
        var spec = ForkedSpec.Of(parent.Spec, "/studies/parent", 3, points, static c => $"/studies/parent/checkpoints/{c}");
        var fork = new TestStudy(Reread(spec));

        Assert.Equal(("test-at-3", 7, 0), (fork.Spec.Name, fork.Spec.Budget.Intervals, fork.Spec.BurnIn));
        Assert.Equal(new AncestorSpec("test", "/studies/parent", 3), fork.Spec.Ancestor);
        Assert.NotEqual(parent.Spec.Seed, fork.Spec.Seed);
        Assert.Equal(points.Select(static p => p.Hyperparameters), fork.State.Members.Select(static m => m.Hyperparameters));
        Assert.Equal($"/studies/parent/checkpoints/{points[2].Checkpoint}", fork.Spec.StartOf(2));

        fork.RunRound(static member => member);
        Assert.All(fork.State.Members, m => Assert.Equal(40, m.History[0].LineageSteps));
        Assert.Equal(30, Lineage.Schedule(Lineage.Of(fork.State, fork[0].Start))[0].FirstStep);
        Verify(fork);
    }

    [Fact]
    public void The_seed_of_a_fork_is_frozen() => Assert.Equal(2_051_586_140UL, ForkedSpec.Of(Parent, "/p", 3, [], static _ => "").Seed);

    [Fact]
    public void What_a_fork_starts_from_is_kept_for_good_in_any_phase_and_noted_once()
    {
        var parent = Run(Parent with { Checkpoints = new(KeepLast: 1, KeepBest: 1), Exploit = new NoExploit() }, rounds: 3);
        var fork = new StudyForked("fork", "/studies/fork", 3, [.. Points(parent, 3).Select(static p => p.Checkpoint!.Value)]);
        Assert.True(StudyScheduler.Stop(parent.Transaction));

        Assert.Empty(StudyScheduler.Fork(parent.Transaction, fork));
        Assert.Empty(StudyScheduler.Fork(parent.Transaction, fork with { Checkpoints = [.. fork.Checkpoints] }));
        Assert.Single(parent.State.Forks);

        Assert.True(StudyScheduler.Resume(parent.Transaction, new MemberDecisions(parent.Spec)));
        for (var round = 0; round < 7; round++)
            parent.RunRound(member => round + member);

        Assert.Equal(StudyPhase.Completed, parent.State.Phase);
        Assert.All(fork.Checkpoints, c => Assert.True(parent.State.IsLive(c)));
        Verify(parent);
    }

    [Fact]
    public void A_fork_from_what_is_collected_is_not_noted_and_says_what_is_gone()
    {
        var parent = Run(Parent with { Checkpoints = new(KeepLast: 1, KeepBest: 1), Exploit = new NoExploit() }, rounds: 3);
        var first = parent[0].History[0].Checkpoint!.Value;

        Assert.Equal<CheckpointId>([first], StudyScheduler.Fork(parent.Transaction, new("fork", "/studies/fork", 1, [first])));
        Assert.Empty(parent.State.Forks);
        Assert.Equal<int>([3], ForkPoint.Available(parent.State));
    }

    [Fact]
    public void Members_follow_a_schedule_by_the_steps_in_their_weights()
    {
        var study = new TestStudy(Scheduled(0, 20, 30));
        for (var round = 0; round < 5; round++)
            study.RunRound(static member => member);

        Assert.All(study.State.Members, m => Assert.Equal(["0.01", "0.01", "0.02", "0.03", "0.03"], m.History.Select(static r => r.Hyperparameters["lr"].ToString())));
        Assert.Equal(StudyPhase.Completed, study.State.Phase);
        Verify(study);
    }

    [Fact]
    public void A_member_that_goes_back_to_an_older_checkpoint_goes_back_in_its_schedule()
    {
        var study = new TestStudy(Scheduled(0, 20, 30) with { Checkpoints = new(KeepLast: 2) });
        for (var round = 0; round < 3; round++)
            study.RunRound(static member => member);

        study.Report(study.Claim(), new AttemptResult.StartDamaged("bad"));
        var next = study.Claim();
        Assert.Equal(("0.02", 4), (next.Hyperparameters["lr"].ToString(), next.Interval));
        study.Complete(next, 1);
        Assert.Equal("0.03", study[0].Hyperparameters["lr"].ToString());
        Verify(study);
    }

    [Fact]
    public void The_fork_of_a_study_along_a_schedule_goes_on_along_it()
    {
        var parent = new TestStudy(Scheduled(0, 20, 30));
        for (var round = 0; round < 2; round++)
            parent.RunRound(static member => member);

        var fork = new TestStudy(Reread(ForkedSpec.Of(parent.Spec, "/p", 2, Points(parent, 2), static c => $"/p/{c}")));
        for (var round = 0; round < 3; round++)
            fork.RunRound(static member => member);

        Assert.Equal(["0.02", "0.03", "0.03"], fork[0].History.Select(static r => r.Hyperparameters["lr"].ToString()));
    }

    [Fact]
    public void A_replay_is_as_long_as_its_schedule_and_its_interval_divides_every_change()
    {
        var schedule = new RecordedSchedule([Change(0, 0.01), Change(150, 0.02)], Steps: 400, []);
        var spec = ReplaySpec.Of(Parent with { Interval = new(100, null), Budget = new(Intervals: 7) }, schedule, seeds: 3);

        Assert.Equal((50L, 8, 3), (spec.Interval.Steps, spec.Budget.Intervals, spec.Population));
        Assert.Equal(7, ReplaySpec.Of(Parent with { Interval = new(50, null), Budget = new(Intervals: 7) }, schedule with { Steps = null }, 1).Budget.Intervals);
        Reread(spec);
    }

    [Fact]
    public void A_replay_of_unknown_or_too_short_length_is_refused()
    {
        var schedule = new RecordedSchedule([Change(0, 0.01), Change(150, 0.02)], Steps: null, []);

        Assert.Throws<InvalidRequestException>(() => ReplaySpec.Of(Parent with { Budget = new(Score: 1) }, schedule, 1));
        Assert.Throws<InvalidRequestException>(() => ReplaySpec.Of(Parent with { Interval = new(50, null), Budget = new(Intervals: 3) }, schedule, 1));
        Assert.Throws<InvalidRequestException>(() => ReplaySpec.Of(Parent with { Interval = new(null, 5) }, schedule, 1));
        Assert.Throws<InvalidRequestException>(() => ReplaySpec.Of(Parent with { Interval = new(long.MaxValue, null) }, schedule, 1));
    }

    private static HyperparameterChange Change(long step, double rate) => new(step, new([new("lr", HyperparameterValue.Of(rate))]));

    private static StudySpec Scheduled(params long[] steps) => TestStudy.AsynchronousSpec with
    {
        Exploit = new NoExploit(),
        Initial = new ScheduleInitial(),
        Explore = new ScheduleExplore([.. steps.Select(static (step, i) => Change(step, (i + 1) / 100.0))]),
    };

    private static TestStudy Run(StudySpec spec, int rounds)
    {
        var study = new TestStudy(spec);
        for (var round = 0; round < rounds; round++)
            study.RunRound(member => (member * 7) % (4 + round));

        return study;
    }

    private static ImmutableArray<ForkPoint> Points(TestStudy study, int interval) =>
        [.. study.State.Members.Select(member => ForkPoint.Of(study.State, member, interval)!)];

    // The toy's own hyperparameter is not the test's.
    private static StudySpec Reread(StudySpec spec)
    {
        var text = SpecWriter.ToJson(spec with { Trainer = new CommandTrainerSpec { Command = [new(["x"], Droppable: false)], WorkingDirectory = "/" } });
        return Assert.IsType<SpecResult.Valid>(SpecReader.Read(text, "s", "/")).Spec;
    }

    private static void Verify(TestStudy study)
    {
        var verification = new Verification();
        foreach (var recorded in study.AllEvents())
            verification.Verify(recorded);

        Assert.Empty(verification.Result.Differences);
    }
}

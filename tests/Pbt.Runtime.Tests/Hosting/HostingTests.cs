using System.Collections.Concurrent;
using System.Diagnostics;
using System.Diagnostics.Metrics;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Hosting;
using Pbt.Runtime.Telemetry;
using Pbt.Runtime.Tests.Workers;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Trainers.InProcess;

namespace Pbt.Runtime.Tests.Hosting;

public sealed class HostingTests : IDisposable
{
    private static readonly StudySpec Spec = TestSpecs.Command("unused") with { Trainer = new InProcessTrainerSpec { Grace = TimeSpan.Zero } };
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-test-").FullName;

    private StudyRunOptions InDirectory => new() { Directory = Path.Combine(_root, "study"), Slots = 2 };

    [Fact]
    public async Task A_study_without_a_directory_is_gone_with_its_result()
    {
        string checkpoint;
        using (var result = await Study.RunAsync(Spec, Trainer.Of(ByMember), new StudyRunOptions { Slots = 1 }))
        {
            Assert.True(result.HasEnded);
            Assert.Equal((StudyPhase.Completed, 12L), (result.State.Phase, result.State.CompletedIntervals));
            Assert.Equal((3, 3), (result.Best!.Member.Value, result.Best.Record.Score));
            Assert.True(File.Exists(Path.Combine(result.BestCheckpoint!, "weights")));
            Assert.Equal(result.Best.Record.Interval, result.BestLineage.Length);
            Assert.NotEmpty(result.BestSchedule);
            checkpoint = result.BestCheckpoint!;
        }

        Assert.False(Directory.Exists(checkpoint));
    }

    [Fact]
    public async Task Hooks_are_run_for_a_study_of_this_process()
    {
        var told = Path.Combine(_root, "told");
        CommandArgument Text(string text) => new([text], Droppable: false);
        var hooks = new HooksSpec { Commands = HooksSpec.None.Commands.Add(HookKind.Finished, [Text("sh"), Text("-c"), Text("cat >\"$0\""), Text(told)]) };

        using var result = await Study.RunAsync(Spec with { Hooks = hooks }, Trainer.Of(ByMember), new StudyRunOptions { Slots = 1 });

        Assert.Contains("\"outcome\":\"completed\"", await File.ReadAllTextAsync(told), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_study_records_can_be_listened_to_as_spans_and_counts()
    {
        var spans = new ConcurrentBag<Activity>();
        var counts = new ConcurrentDictionary<string, long>(StringComparer.Ordinal);
        using var traces = new ActivityListener
        {
            ShouldListenTo = static source => source.Name.Equals(StudyTelemetry.Name, StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = spans.Add,
        };
        ActivitySource.AddActivityListener(traces);
        using var metrics = new MeterListener();
        metrics.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name.Equals(StudyTelemetry.Name, StringComparison.Ordinal))
                listener.EnableMeasurementEvents(instrument);
        };
        metrics.SetMeasurementEventCallback<long>((instrument, count, _, _) => counts.AddOrUpdate(instrument.Name, count, (_, before) => before + count));
        metrics.Start();
        using var telemetry = new StudyTelemetry();

        using var result = await Study.RunAsync(Spec, Trainer.Of(ByMember), new StudyRunOptions { Slots = 2, Telemetry = telemetry });

        var state = result.State;
        Assert.Equal(state.CompletedIntervals, spans.Count);
        Assert.Equal(state.CompletedIntervals, counts["pbt.intervals"]);
        Assert.Single(spans.Select(static span => span.TraceId).Distinct());
        Assert.All(spans, static span => Assert.Equal("completed", span.GetTagItem("pbt.outcome")));
        var byCheckpoint = spans.ToDictionary(static span => $"m{span.GetTagItem("pbt.member"):D4}/i{span.GetTagItem("pbt.interval"):D6}-a{span.GetTagItem("pbt.attempt"):D6}", StringComparer.Ordinal);
        foreach (var span in spans)
        {
            var record = state.Members[(int)span.GetTagItem("pbt.member")!].History[(int)span.GetTagItem("pbt.interval")! - 1];
            Assert.Equal(record.Score, span.GetTagItem("pbt.score"));
            Assert.Equal(record.Donor?.Value, span.GetTagItem("pbt.donor"));
            Assert.Equal(record.Start is { } start ? [byCheckpoint[start.ToString()].SpanId] : [], span.Links.Select(static link => link.Context.SpanId));
        }
    }

    [Fact]
    public async Task Each_slot_has_a_trainer_of_its_own_and_they_train_at_the_same_time()
    {
        using var bothTrain = new Barrier(2);
        var made = new ConcurrentBag<Trainer>();
        using var result = await Study.RunAsync(
            Spec with { Budget = new Budget(Intervals: 1) },
            () =>
            {
                // A trainer that never waits for anything but its processor.
                var trainer = new Trainer((interval, token) =>
                {
                    Assert.True(bothTrain.SignalAndWait(TimeSpan.FromSeconds(20), token));
                    return ByMember(interval, token);
                });
                made.Add(trainer);
                return trainer;
            },
            new StudyRunOptions { Slots = 2 });

        Assert.Equal(StudyPhase.Completed, result.State.Phase);
        Assert.Equal(2, made.Count);
        Assert.All(made, static trainer => Assert.Equal((1, 0), (trainer.Disposals, trainer.Running)));
    }

    [Fact]
    public async Task A_cancelled_study_gives_its_attempts_back_and_goes_on_when_it_is_run_again()
    {
        using var cancelled = new CancellationTokenSource();
        var done = new ConcurrentBag<(int Member, int Interval, int Seed)>();
        var interrupted = new ConcurrentDictionary<(int Member, int Interval), int>();
        async ValueTask<TrainerResult> StopAtTheSecond(TrainingInterval interval, CancellationToken cancellationToken)
        {
            if (interval.Interval == 2)
            {
                interrupted[(interval.Member.Value, 2)] = interval.Seed;
                await cancelled.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }

            return await Count(interval, cancellationToken);
        }

        ValueTask<TrainerResult> Count(TrainingInterval interval, CancellationToken cancellationToken)
        {
            done.Add((interval.Member.Value, interval.Interval, interval.Seed));
            return ByMember(interval, cancellationToken);
        }

        using (var first = await Study.RunAsync(Spec, Trainer.Of(StopAtTheSecond), InDirectory, cancelled.Token))
        {
            Assert.False(first.HasEnded);
            Assert.Equal(done.Count, first.State.CompletedIntervals);
            Assert.Empty(first.State.Workers);
        }

        using var second = await Study.RunAsync(Spec, Trainer.Of(Count), InDirectory);

        Assert.Equal((StudyPhase.Completed, 12L), (second.State.Phase, second.State.CompletedIntervals));
        Assert.Equal(12, done.Select(static d => (d.Member, d.Interval)).Distinct().Count());
        Assert.Equal(12, done.Count);
        Assert.NotEmpty(interrupted);
        Assert.All(interrupted, at => Assert.Contains((at.Key.Member, at.Key.Interval, at.Value), done));
    }

    [Fact]
    public async Task An_exception_fails_the_attempt_which_is_repeated_with_another_seed()
    {
        var seeds = new ConcurrentQueue<int>();
        using var result = await Study.RunAsync(
            Spec,
            Trainer.Of((interval, token) =>
            {
                if (interval is { Member.Value: 1, Interval: 2 })
                {
                    seeds.Enqueue(interval.Seed);
                    if (seeds.Count == 1)
                        throw new InvalidDataException("the loss is not a number");
                }

                return ByMember(interval, token);
            }),
            InDirectory);

        Assert.Equal(StudyPhase.Completed, result.State.Phase);
        Assert.Equal(2, seeds.Distinct().Count());
        Assert.Contains("InvalidDataException: the loss is not a number", await File.ReadAllTextAsync(result.Directory.Journal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_takes_too_long_has_failed()
    {
        var spec = Spec with { Trainer = new InProcessTrainerSpec { Timeout = TimeSpan.FromMilliseconds(20), MaxAttempts = 1 }, Exploit = new NoExploit(), Budget = new Budget(Intervals: 1) };
        using var result = await Study.RunAsync(
            spec,
            Trainer.Of(static async (_, token) =>
            {
                await Task.Delay(Timeout.Infinite, token);
                return TrainerResult.Of(1);
            }),
            InDirectory);

        Assert.Equal(StudyPhase.Failed, result.State.Phase);
        Assert.Contains("longer than its timeout of 20ms", await File.ReadAllTextAsync(result.Directory.Journal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_exploit_comes_as_the_donors_checkpoint_and_hyperparameters()
    {
        var starts = new ConcurrentBag<(int Member, int Interval, string? Start)>();
        var spec = Spec with { Mode = StudyMode.Synchronous, Exploit = new TruncationExploit(0.25, 0.25), Explore = new NoExplore() };
        using var result = await Study.RunAsync(
            spec,
            Trainer.Of((interval, token) =>
            {
                starts.Add((interval.Member.Value, interval.Interval, interval.CheckpointIn));
                return ByMember(interval, token);
            }),
            InDirectory);

        Assert.All(starts, static start => Assert.Equal(start.Interval == 1, start.Start is null));
        Assert.Contains("/m0003/i000001-", starts.Single(static s => s is { Member: 0, Interval: 2 }).Start, StringComparison.Ordinal);
        Assert.Equal(result.State.Members[3].Hyperparameters, result.State.Members[0].Hyperparameters);
    }

    [Fact]
    public async Task Only_a_trainer_that_keeps_its_state_is_spared_loading_and_only_where_its_member_goes_on()
    {
        var told = new ConcurrentBag<(int Member, int Interval, bool Reload, CheckpointId? Donor)>();
        ValueTask<TrainerResult> Tell(TrainingInterval interval, CancellationToken token)
        {
            told.Add((interval.Member.Value, interval.Interval, interval.Reload, interval.Donor));
            return ByMember(interval, token);
        }

        var alone = Spec with { Population = 1, Exploit = new NoExploit() };
        using (await Study.RunAsync(alone, () => new Trainer(Tell) { KeepsState = true }))
            Assert.Equal([true, false, false], told.OrderBy(static t => t.Interval).Select(static t => t.Reload));

        told.Clear();
        using (await Study.RunAsync(alone, Trainer.Of(Tell)))
            Assert.All(told, static t => Assert.True(t.Reload));

        told.Clear();
        using (await Study.RunAsync(Spec, () => new Trainer(Tell) { KeepsState = true }, new StudyRunOptions { Slots = 1 }))
            Assert.All(told, static t => Assert.True(t.Reload || t.Donor!.Value.Member.Value == t.Member));
    }

    [Fact]
    public async Task A_changed_spec_is_refused_and_a_longer_one_goes_on()
    {
        using (await Study.RunAsync(Spec, Trainer.Of(ByMember), InDirectory))
        {
        }

        var refused = await Assert.ThrowsAsync<InvalidRequestException>(() => Study.RunAsync(Spec with { Seed = 8 }, Trainer.Of(ByMember), InDirectory));
        Assert.Contains("holds a study with another spec", refused.Message, StringComparison.Ordinal);

        using var longer = await Study.RunAsync(Spec with { Budget = new Budget(Intervals: 4) }, Trainer.Of(ByMember), InDirectory);
        Assert.Equal(16, longer.State.CompletedIntervals);

        var patient = Spec with { Budget = new Budget(Intervals: 5), Trainer = new InProcessTrainerSpec { Timeout = TimeSpan.FromMinutes(1), Grace = TimeSpan.Zero } };
        await Assert.ThrowsAsync<InvalidRequestException>(() => Study.RunAsync(patient, Trainer.Of(ByMember), InDirectory));
        using var accepted = await Study.RunAsync(patient, Trainer.Of(ByMember), InDirectory with { AcceptedChanges = ["trainer.timeout"] });
        Assert.Equal(20, accepted.State.CompletedIntervals);
    }

    [Fact]
    public async Task The_study_of_a_file_runs_and_shows_its_own_text()
    {
        const string Yaml = """
            # A comment that stays.
            name: demo
            population: 2
            objective: { metric: score, goal: maximize }
            interval: { steps: 1 }
            budget: { intervals: 2 }
            hyperparameters:
              lr: { type: float, min: 0.1, max: 1 }
            trainer: { protocol: in_process }
            """;
        var path = Path.Combine(_root, "study.yaml");
        await File.WriteAllTextAsync(path, Yaml);

        using var result = await Study.RunAsync(path, Trainer.Of(ByMember), InDirectory);

        Assert.Equal((StudyPhase.Completed, "demo"), (result.State.Phase, result.State.Spec.Name));
        Assert.Equal(Yaml, await File.ReadAllTextAsync(result.Directory.Spec));
    }

    [Fact]
    public async Task What_cannot_run_is_refused_before_anything_is_created()
    {
        var wrong = new (StudySpec Spec, string Expected)[]
        {
            (Spec with { Population = 0 }, "population"),
            (TestSpecs.Quadratic, "protocol: in_process"),
            (Spec with { Evaluate = new EvaluateSpec { Command = [new CommandArgument(["x"], Droppable: false)] } }, "evaluate"),
            (Spec with { InitialCheckpoint = "/nowhere" }, "/nowhere"),
        };
        foreach (var (spec, expected) in wrong)
        {
            var error = await Assert.ThrowsAsync<InvalidRequestException>(() => Study.RunAsync(spec, Trainer.Of(ByMember), InDirectory));
            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }

        Assert.False(Directory.Exists(InDirectory.Directory));
    }

    [Fact]
    public async Task Every_event_is_told_in_order_and_what_the_listener_throws_is_passed_on()
    {
        var versions = new List<long>();
        var completed = 0L;
        using (var result = await Study.RunAsync(Spec, Trainer.Of(ByMember), InDirectory with
        {
            OnEvents = (events, state) =>
            {
                versions.AddRange(events.Select(static e => e.Version));
                completed = state.CompletedIntervals;
                Assert.Equal(versions[^1], state.Version);
            },
        }))
        {
            Assert.Equal(12, completed);
            Assert.Equal(Enumerable.Range(1, (int)result.State.Version).Select(static v => (long)v), versions);
        }

        await Assert.ThrowsAsync<InvalidDataException>(() => Study.RunAsync(
            Spec, Trainer.Of(ByMember), new StudyRunOptions { Slots = 1, OnEvents = static (_, _) => throw new InvalidDataException() }));
    }

    [Fact]
    public async Task What_the_factory_throws_is_passed_on()
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => Study.RunAsync(Spec, static () => throw new InvalidDataException(), InDirectory));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private static ValueTask<TrainerResult> ByMember(TrainingInterval interval, CancellationToken cancellationToken) => HostedStudy.Train(interval, interval.Member.Value);

    private sealed class Trainer(Func<TrainingInterval, CancellationToken, ValueTask<TrainerResult>> train) : ITrainer, IDisposable
    {
        public int Disposals { get; private set; }

        public int Running { get; private set; }

        public bool KeepsState { get; init; }

        public static Func<ITrainer> Of(Func<TrainingInterval, CancellationToken, ValueTask<TrainerResult>> train) => () => new Trainer(train);

        public async ValueTask<TrainerResult> TrainAsync(TrainingInterval interval, CancellationToken cancellationToken)
        {
            Running++;
            try
            {
                return await train(interval, cancellationToken);
            }
            finally
            {
                Running--;
            }
        }

        public void Dispose() => Disposals++;
    }
}

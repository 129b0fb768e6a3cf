using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Workers;
using Pbt.Storage.Checkpoints;

namespace Pbt.Runtime.Tests.Workers;

public sealed class WorkerTests
{
    private static readonly StudySpec Spec = TestSpecs.Command("unused") with { Trainer = new InProcessTrainerSpec { Grace = TimeSpan.Zero } };

    [Fact]
    public async Task A_trainer_in_this_process_carries_a_study_to_its_end()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        Assert.Equal(WorkerExit.StudyEnded, await hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, interval.Member.Value), slots: 2));
        var state = await hosted.LoadAsync();
        Assert.Equal(StudyPhase.Completed, state.Phase);
        Assert.Equal(12, state.CompletedIntervals);
        Assert.Empty(state.Workers);
    }

    [Fact]
    public async Task Only_checkpoints_that_are_needed_are_left_when_the_study_has_ended()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec with { Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1) });
        await hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, interval.Member.Value), slots: 2);
        var live = (await hosted.LoadAsync()).LiveCheckpoints;
        Assert.Equal(live.OrderBy(static c => c.Attempt), await hosted.Study.Checkpoints.ListAsync().Select(static c => c.Id).OrderBy(static c => c.Attempt).ToListAsync());
        Assert.False(Directory.Exists(hosted.Study.Directory.Attempts));
    }

    [Fact]
    public async Task With_one_slot_no_member_is_ever_two_intervals_ahead()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        var done = new int[4];
        await hosted.WorkAsync((interval, _) =>
        {
            done[interval.Member.Value]++;
            Assert.InRange(done.Max() - done.Min(), 0, 1);
            return HostedStudy.Train(interval, 1);
        });
        Assert.Equal([3, 3, 3, 3], done);
    }

    [Fact]
    public async Task Hyperparameters_and_the_donors_checkpoint_reach_the_heir()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec with { Mode = StudyMode.Synchronous, Exploit = new TruncationExploit(0.25, 0.25) });
        var starts = new List<(int Member, int Interval, string? Start)>();
        await hosted.WorkAsync((interval, _) =>
        {
            starts.Add((interval.Member.Value, interval.Interval, interval.CheckpointIn));
            return HostedStudy.Train(interval, interval.Member.Value);
        });
        var heir = starts.Single(static s => s is { Member: 0, Interval: 2 });
        Assert.Contains("/m0003/i000001-", heir.Start, StringComparison.Ordinal);
        Assert.All(starts.Where(static s => s.Interval == 1), static s => Assert.Null(s.Start));
    }

    [Fact]
    public async Task An_attempt_whose_files_somebody_deletes_counts_as_killed_and_is_repeated_with_the_same_seed()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        var seeds = new List<int>();
        await hosted.WorkAsync((interval, _) =>
        {
            if (interval is not { Member.Value: 1, Interval: 2 })
                return HostedStudy.Train(interval, interval.Member.Value);

            seeds.Add(interval.Seed);
            var result = HostedStudy.Train(interval, 1);
            if (seeds.Count <= 2)
                Directory.Delete(interval.CheckpointOut, recursive: true);

            return seeds.Count == 1 ? throw new IOException("the directory is gone") : result;
        });
        var state = await hosted.LoadAsync();
        Assert.Equal((StudyPhase.Completed, 0L), (state.Phase, state.FailedIntervals));
        Assert.Equal(3, seeds.Count);
        Assert.Single(seeds.Distinct());
    }

    [Fact]
    public async Task A_score_that_is_no_number_fails_and_the_member_is_rescued()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        await hosted.WorkAsync(static (interval, _) =>
            HostedStudy.Train(interval, interval is { Member.Value: 1, Interval: 2 } ? double.NaN : interval.Member.Value));
        var state = await hosted.LoadAsync();
        Assert.Equal((StudyPhase.Completed, 1L), (state.Phase, state.FailedIntervals));
        Assert.Null(state[new MemberId(1)].History[1].Score);
        Assert.NotNull(state[new MemberId(1)].History[2].Donor);
    }

    [Fact]
    public async Task A_trainer_that_always_throws_fails_the_study_with_its_message()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        await hosted.WorkAsync(static (_, _) => throw new InvalidOperationException("no such layer"), slots: 2);
        var state = await hosted.LoadAsync();
        Assert.Equal(StudyPhase.Failed, state.Phase);
        Assert.Contains("no such layer", state.EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_empty_checkpoint_fails_the_attempt()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        await hosted.WorkAsync(static (_, _) => ValueTask.FromResult(TrainerResult.Of(1)));
        Assert.Contains("empty", (await hosted.LoadAsync()).EndReason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_asked_to_stop_gives_its_interval_back_and_another_repeats_it_with_the_same_seed()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        using var stop = new CancellationTokenSource();
        var begun = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = hosted.WorkAsync(
            async (interval, cancelled) =>
            {
                begun.TrySetResult(interval.Seed);
                await Task.Delay(Timeout.Infinite, cancelled);
                throw new InvalidOperationException("not reached");
            },
            stop: stop.Token);
        var seed = await begun.Task;
        await stop.CancelAsync();
        Assert.Equal(WorkerExit.Stopped, await first);
        var seeds = new List<int>();
        await hosted.WorkAsync((interval, _) =>
        {
            seeds.Add(interval.Seed);
            return HostedStudy.Train(interval, 1);
        });
        Assert.Equal(seed, seeds[0]);
        Assert.Equal(0, (await hosted.LoadAsync()).FailedIntervals);
    }

    [Fact]
    public async Task A_worker_taken_for_dead_has_its_result_rejected_and_joins_anew()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec with { Population = 2, Budget = new Budget(Intervals: 1) });
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var working = hosted.WorkAsync(async (interval, _) =>
        {
            begun.TrySetResult();
            await go.Task;
            return await HostedStudy.Train(interval, 1);
        });
        await begun.Task;
        var lost = await hosted.Study.Store.TransactAsync(static transaction =>
        {
            var worker = transaction.State.Workers.Single().Id;
            StudyScheduler.Lose(transaction, worker, "silent");
            return worker;
        });
        go.SetResult();
        Assert.Equal(WorkerExit.StudyEnded, await working);
        var state = await hosted.LoadAsync();
        Assert.Equal(2, state.CompletedIntervals);
        Assert.All(state.Members, m => Assert.True(m.History[0].Attempt.Value > 1, $"{m.Id} kept the result of {lost.Value}, which counted as dead"));
        foreach (var member in state.Members)
            Assert.IsType<FetchResult.Fetched>(await hosted.Study.Checkpoints.FetchAsync(member.Latest!.Checkpoint!.Value));
    }

    [Fact]
    public async Task What_took_effect_although_the_store_failed_is_neither_lost_nor_done_twice()
    {
        DoubtfulStore? doubtful = null;
        await using var hosted = await HostedStudy.CreateAsync(
            Spec with { Budget = new Budget(Intervals: 6), Mode = StudyMode.Synchronous },
            store => doubtful = new DoubtfulStore(store));

        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, interval.Seed % 100), slots: 2)));

        var state = await hosted.LoadAsync();
        Assert.True(doubtful!.Failures > 10);
        Assert.Equal((StudyPhase.Completed, 24L), (state.Phase, state.CompletedIntervals));
        foreach (var live in state.LiveCheckpoints)
            Assert.NotNull(await hosted.Study.Checkpoints.FetchAsync(live));
    }

    [Fact]
    public async Task Many_workers_share_a_study_and_count_nothing_twice()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec with { Population = 10, Budget = new Budget(Intervals: 20), Mode = StudyMode.Synchronous });
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, interval.Seed % 100), slots: 3)));
        var state = await hosted.LoadAsync();
        Assert.Equal(200, state.CompletedIntervals);
        Assert.All(state.Members, static m => Assert.Equal(Enumerable.Range(1, 20), m.History.Select(static r => r.Interval)));
    }
}

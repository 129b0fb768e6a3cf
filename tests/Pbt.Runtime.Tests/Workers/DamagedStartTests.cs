using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers.InProcess;
using Pbt.Runtime.Workers;
using Pbt.Storage.Checkpoints;

namespace Pbt.Runtime.Tests.Workers;

public sealed class DamagedStartTests
{
    private const int Errno = 5;

    private static readonly StudySpec Spec = TestSpecs.Command("unused") with
    {
        Population = 2,
        Exploit = new NoExploit(),
        Trainer = new InProcessTrainerSpec { Grace = TimeSpan.Zero },
    };

    [Fact]
    public async Task A_checkpoint_damaged_while_the_worker_runs_is_never_loaded_and_the_seed_stays()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        var trained = new List<TrainingInterval>();
        await hosted.WorkAsync(async (interval, cancelled) =>
        {
            trained.Add(interval);
            if (interval is { Member.Value: 0, Interval: 3 })
            {
                var second = hosted.Study.Checkpoints.Locate((await hosted.LoadAsync())[new MemberId(1)].Start!.Value);
                await File.AppendAllTextAsync(Path.Combine(second, "weights"), "more", cancelled);
            }

            return await HostedStudy.Train(interval, 1);
        });

        var state = await hosted.LoadAsync();
        Assert.Equal((StudyPhase.Completed, 6L, 0L), (state.Phase, state.CompletedIntervals, state.FailedIntervals));
        var damaged = Assert.Single(state.DamagedCheckpoints);
        Assert.Equal((1, 2), (damaged.Key.Member.Value, damaged.Key.Interval));
        Assert.Contains("'weights' has", damaged.Value, StringComparison.Ordinal);
        var last = Assert.Single(trained, static t => t is { Member.Value: 1, Interval: 3 });
        Assert.Contains("/m0001/i000001-", last.CheckpointIn, StringComparison.Ordinal);
        var starts = await EventsAsync<AttemptStarted>(hosted);
        Assert.Single(starts.Where(static s => s is { Member.Value: 1, Interval: 3 }).Select(static s => s.Seed).Distinct());
    }

    [Fact]
    public async Task A_read_error_that_stays_while_the_disk_works_is_damage()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        var tries = 0;
        var checkpoints = new Store(hosted.Study.Checkpoints)
        {
            Fetching = (id, _) => id is { Member.Value: 1, Interval: 1 } ? Fail(++tries) : Task.CompletedTask,
        };

        await hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, 1), checkpoints: checkpoints);

        var damaged = Assert.Single(await EventsAsync<CheckpointDamaged>(hosted));
        Assert.Contains("Input/output error", damaged.Reason, StringComparison.Ordinal);
        Assert.Equal(6, tries);
        Assert.Equal(6, (await hosted.LoadAsync()).CompletedIntervals);
    }

    [Fact]
    public async Task A_read_error_that_passes_is_no_damage()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        var tries = 0;
        var checkpoints = new Store(hosted.Study.Checkpoints)
        {
            Fetching = (id, _) => id is { Member.Value: 1, Interval: 1 } && ++tries <= 2 ? Fail(tries) : Task.CompletedTask,
        };

        await hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, 1), checkpoints: checkpoints);

        Assert.Empty((await hosted.LoadAsync()).DamagedCheckpoints);
        Assert.Equal(3, tries);
    }

    [Fact]
    public async Task A_worker_that_is_ended_while_it_checks_gives_the_attempt_back()
    {
        await using var hosted = await HostedStudy.CreateAsync(Spec);
        using var stop = new CancellationTokenSource();
        var checkpoints = new Store(hosted.Study.Checkpoints)
        {
            Fetching = async (_, cancelled) =>
            {
                await stop.CancelAsync();
                await Task.Delay(Timeout.Infinite, cancelled);
            },
        };

        Assert.Equal(WorkerExit.Stopped, await hosted.WorkAsync(static (interval, _) => HostedStudy.Train(interval, 1), stop: stop.Token, checkpoints: checkpoints));

        Assert.Equal("interrupted", Assert.Single(await EventsAsync<AttemptReleased>(hosted)).Reason);
        Assert.Empty((await hosted.LoadAsync()).DamagedCheckpoints);
    }

    private static Task Fail(int number) =>
        throw new UnreadableCheckpointException($"Input/output error, number {number}", new IOException("Input/output error", Errno));

    private static async Task<List<T>> EventsAsync<T>(HostedStudy hosted)
    {
        var events = new List<T>();
        await foreach (var recorded in hosted.Study.Store.ReadAsync(0))
        {
            if (recorded.Event is T wanted)
                events.Add(wanted);
        }

        return events;
    }

    /// <summary>A store in whose way something is: no disk fails when a test asks it to.</summary>
    private sealed class Store(ICheckpointStore inner) : ICheckpointStore
    {
        public required Func<CheckpointId, CancellationToken, Task> Fetching { get; init; }

        public async ValueTask<FetchResult> FetchAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
        {
            await Fetching(id, cancellationToken);
            return await inner.FetchAsync(id, check, cancellationToken);
        }

        public ValueTask<FetchResult> VerifyAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default) => inner.VerifyAsync(id, check, cancellationToken);

        public string Stage(CheckpointId id) => inner.Stage(id);

        public ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default) => inner.PublishAsync(id, isDurable, cancellationToken);

        public ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default) => inner.DiscardAsync(id, cancellationToken);

        public void Release(CheckpointId id) => inner.Release(id);

        public string Locate(CheckpointId id) => inner.Locate(id);

        public string LocalPathOf(CheckpointId id) => inner.LocalPathOf(id);

        public ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default) => inner.DeleteAsync(id, cancellationToken);

        public IAsyncEnumerable<StoredCheckpoint> ListAsync(CancellationToken cancellationToken = default) => inner.ListAsync(cancellationToken);

        public ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default) => inner.SizeAsync(found, cancellationToken);
    }
}

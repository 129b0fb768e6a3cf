using Pbt.Core.Population;
using Pbt.Runtime.Leases;

namespace Pbt.Runtime.Tests.Leases;

public sealed class WorkerWatchTests
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(30);

    // On another host: only its heartbeat can tell.
    private static readonly WorkerState Worker = new(new("w"), "elsewhere", 1, BootId: null, 0, 1);

    private readonly ManualTime _time = new();
    private readonly Counters _counters = new();
    private readonly WorkerWatch _watch;

    public WorkerWatchTests() => _watch = new WorkerWatch(_counters, Lease, _time);

    [Fact]
    public async Task A_worker_that_is_silent_for_a_lease_is_dead()
    {
        Assert.Empty(await FindAsync());
        _time.Advance(Lease);
        Assert.Equal(Worker.Id, Assert.Single(await FindAsync()));
    }

    [Fact]
    public async Task While_heartbeats_cannot_be_read_nobody_dies_and_each_has_a_whole_lease_afterwards()
    {
        Assert.Empty(await FindAsync());
        _counters.IsAway = true;
        _time.Advance(Lease * 2);
        Assert.Empty(await FindAsync());

        _counters.IsAway = false;
        Assert.Empty(await FindAsync());
        _time.Advance(Lease * 0.9);
        Assert.Empty(await FindAsync());
        _time.Advance(Lease * 0.2);
        Assert.Single(await FindAsync());
    }

    [Fact]
    public async Task A_reading_that_took_long_says_nothing()
    {
        Assert.Empty(await FindAsync());
        _counters.Reading = () => _time.Advance(Lease * 2);
        Assert.Empty(await FindAsync());
        _counters.Reading = () => { };
        Assert.Empty(await FindAsync());
    }

    [Fact]
    public async Task A_thousand_workers_are_read_at_once()
    {
        await _watch.FindDeadAsync([.. Enumerable.Range(0, 1000).Select(static i => Worker with { Id = new($"w{i}") })], CancellationToken.None);
        Assert.Equal(1, _counters.Reads);
    }

    private async Task<List<WorkerId>> FindAsync() => [.. (await _watch.FindDeadAsync([Worker], CancellationToken.None)).Select(static d => d.Worker.Id)];

    private sealed class Counters : IHeartbeats
    {
        public bool IsAway { get; set; }

        public int Reads { get; private set; }

        public Action Reading { get; set; } = () => { };

        public void Beat(WorkerId worker, long counter)
        {
        }

        public void Remove(WorkerId worker)
        {
        }

        public ValueTask<IReadOnlyDictionary<WorkerId, long>> ReadAllAsync(IReadOnlyCollection<WorkerId> of, CancellationToken cancellationToken)
        {
            Reads++;
            Reading();
            return IsAway
                ? throw new IOException("away")
                : ValueTask.FromResult<IReadOnlyDictionary<WorkerId, long>>(of.ToDictionary(static id => id, static _ => 7L));
        }
    }
}

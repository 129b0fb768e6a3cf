using Pbt.Core.Population;
using Pbt.Runtime.Leases;

namespace Pbt.Runtime.Tests.Leases;

public sealed class LeaseTrackerTests
{
    private static readonly WorkerId Worker = new("w");

    private readonly ManualTime _time = new();
    private readonly LeaseTracker _leases;

    public LeaseTrackerTests() => _leases = new LeaseTracker(TimeSpan.FromSeconds(30), _time);

    [Fact]
    public void A_worker_first_seen_now_has_a_whole_lease_before_it()
    {
        Assert.False(_leases.HasExpired(Worker, 5));
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_leases.HasExpired(Worker, 5));
    }

    [Fact]
    public void A_counter_that_stands_still_for_a_lease_is_death()
    {
        _leases.HasExpired(Worker, 5);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_leases.HasExpired(Worker, 5));
    }

    [Fact]
    public void Any_change_of_the_counter_is_life_even_backwards()
    {
        _leases.HasExpired(Worker, 5);
        _time.Advance(TimeSpan.FromSeconds(29));
        _leases.HasExpired(Worker, 4);
        _time.Advance(TimeSpan.FromSeconds(29));
        Assert.False(_leases.HasExpired(Worker, 4));
    }

    [Fact]
    public void A_missing_counter_expires_too()
    {
        _leases.HasExpired(Worker, null);
        _time.Advance(TimeSpan.FromSeconds(30));
        Assert.True(_leases.HasExpired(Worker, null));
    }

    [Fact]
    public void A_worker_that_was_forgotten_begins_anew()
    {
        _leases.HasExpired(Worker, 5);
        _time.Advance(TimeSpan.FromSeconds(30));
        _leases.KeepOnly([]);
        Assert.False(_leases.HasExpired(Worker, 5));
    }
}

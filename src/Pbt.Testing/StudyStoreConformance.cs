using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Scheduling;
using Pbt.Storage;
using Xunit;

// CS1591, CA1707: the tests' names are their documentation and read as facts.
#pragma warning disable CS1591, CA1707

namespace Pbt.Testing;

/// <summary>What every store promises; derive from it and say how to open one.</summary>
/// <remarks>xunit makes a new instance for each test: each instance has a log of its own, empty at first.</remarks>
public abstract partial class StudyStoreConformance : IAsyncLifetime
{
    /// <summary>How long a test waits for what must happen before it says that it did not.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly List<IStudyStore> _opened = [];

    /// <inheritdoc/>
    public virtual Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public virtual async Task DisposeAsync()
    {
        foreach (var store in _opened)
            await store.DisposeAsync();
    }

    /// <summary>Opens one more store on this test's log.</summary>
    protected abstract ValueTask<IStudyStore> OpenStoreAsync();

    [StoreFact]
    public async Task An_empty_log_has_no_events_and_no_study()
    {
        var store = await OpenAsync();

        Assert.Empty(await ReadAllAsync(store));
        Assert.False((await store.TransactAsync(static t => t.State.Exists)).Value);
        Assert.Empty(await ReadAllAsync(store));
    }

    [StoreFact]
    public async Task Every_kind_of_event_is_read_as_it_was_written()
    {
        var events = ConformanceStudy.EveryEvent();
        var kinds = typeof(StudyEvent).Assembly.GetTypes().Where(static type => type.IsSubclassOf(typeof(StudyEvent)) && !type.IsAbstract);
        Assert.Empty(kinds.Except(events.Select(static e => e.GetType())));
        await AddAsync(await OpenAsync(), [.. events]);

        var read = await ReadAllAsync(await OpenAsync());

        Assert.Equal(events.Length, read.Count);
        Assert.All(read, (recorded, i) => Assert.Equal(events[i], recorded.Event, StudyEventComparer.Instance));
    }

    [StoreFact]
    public async Task A_state_folded_from_the_log_is_the_one_that_decisions_see()
    {
        var store = await OpenAsync();
        foreach (var happened in ConformanceStudy.EveryEvent())
            await AddAsync(store, happened);

        var own = (await store.TransactAsync(Digest)).Value;
        var others = (await (await OpenAsync()).TransactAsync(Digest)).Value;

        Assert.Equal(own, others);
        Assert.Equal(own, Digest(StudyState.Fold(await ReadAllAsync(store))));
    }

    [StoreFact]
    public async Task A_loaded_state_is_the_fold_of_the_log_at_every_version()
    {
        var store = await OpenAsync();
        AssertSame(new StudyState(), await store.LoadAsync());
        foreach (var happened in ConformanceStudy.EveryEvent())
        {
            await AddAsync(store, happened);
            AssertSame(StudyState.Fold(await ReadAllAsync(store)), await (await OpenAsync()).LoadAsync());
        }
    }

    [StoreFact]
    public async Task A_loaded_state_is_the_callers_own()
    {
        var store = await OpenAsync();
        var half = ConformanceStudy.EveryEvent().Length / 2;
        await AddAsync(store, [.. ConformanceStudy.EveryEvent().Take(half)]);
        var kept = await store.LoadAsync();
        var changed = await store.LoadAsync();
        changed.Apply(new(changed.Version + 1, changed.LastTime, new StudyPaused()));
        Assert.Equal(half, (await store.TransactAsync(static t => t.State.Version)).Value);

        await AddAsync(store, [.. ConformanceStudy.EveryEvent().Skip(half)]);
        foreach (var recorded in await ReadAllAsync(store, kept.Version))
            kept.Apply(recorded);

        AssertSame(await store.LoadAsync(), kept);
        Assert.Equal(half + 1, changed.Version);
    }

    [StoreFact]
    public async Task Texts_that_break_careless_codecs_come_back_exactly()
    {
        var store = await OpenAsync();
        foreach (var text in ConformanceStudy.HostileTexts)
            await AddAsync(store, new WorkerJoined(new("w"), text, 1, text, 0, 1), new WorkerLost(new("w"), text));

        var read = await ReadAllAsync(await OpenAsync());

        Assert.Equal(ConformanceStudy.HostileTexts, read.Select(static r => r.Event).OfType<WorkerLost>().Select(static e => e.Reason), StringComparer.Ordinal);
        Assert.Equal(ConformanceStudy.HostileTexts, read.Select(static r => r.Event).OfType<WorkerJoined>().Select(static e => e.Host), StringComparer.Ordinal);
    }

    [StoreFact]
    public async Task Half_a_character_does_no_harm()
    {
        await AddAsync(await OpenAsync(), new WorkerLost(new("w"), "cut in \ud83d"), new WorkerLost(new("w"), "\ude42 two"));

        var read = await ReadAllAsync(await OpenAsync());

        Assert.Equal(["cut in \ufffd", "\ufffd two"], read.Select(static r => WithoutHalves(((WorkerLost)r.Event).Reason)), StringComparer.Ordinal);
    }

    [StoreFact]
    public async Task Versions_count_without_gaps_and_times_are_exact()
    {
        var store = await OpenAsync();
        List<DateTimeOffset> times = [];
        for (var i = 0; i < 5; i++)
        {
            times.Add((await store.TransactAsync(transaction =>
            {
                transaction.Add(Join(i));
                return transaction.Now;
            })).Value);
        }

        var read = await ReadAllAsync(await OpenAsync());

        Assert.Equal([1, 2, 3, 4, 5], read.Select(static r => r.Version));
        Assert.Equal(times, read.Select(static r => r.Time));
    }

    [StoreFact]
    public async Task Reading_after_a_version_begins_with_the_next()
    {
        var store = await OpenAsync();
        await AddAsync(store, [.. Enumerable.Range(0, 5).Select(Join)]);

        Assert.Equal([4, 5], (await ReadAllAsync(store, 3)).Select(static r => r.Version));
        Assert.Empty(await ReadAllAsync(store, 5));
        Assert.Empty(await ReadAllAsync(store, 99));
        Assert.Equal(5, (await ReadAllAsync(store, 0)).Count);
    }

    [StoreFact]
    public async Task A_transaction_of_ten_thousand_events_is_one()
    {
        const int Many = 10_000;
        var store = await OpenAsync();

        var version = await AddAsync(store, [.. Enumerable.Range(0, Many).Select(Join)]);

        Assert.Equal(Many, version);
        Assert.Equal(Many, (await ReadAllAsync(await OpenAsync())).Count);
    }

    [StoreFact]
    public async Task A_checkpoint_is_reported_as_released_by_the_one_transaction_that_releases_it()
    {
        var store = await OpenAsync();
        await AddAsync(store, [.. ConformanceStudy.Creation(), Join(0)]);
        List<CheckpointId> released = [];
        for (var interval = 1; interval <= 4; interval++)
        {
            var started = new AttemptStarted(new(interval), new(0), interval, Name(0), CheckpointIn: null, 1);
            var before = await CommitAsync(await OpenAsync(), started);
            Assert.Empty(before.Released);
            var after = await CommitAsync(
                store,
                new IntervalCompleted(new(interval), interval, 1, 1, [], ImmutableSortedDictionary<string, double>.Empty),
                new MemberDecided(new(0), interval, MemberAction.Continue, Donor: null, Checkpoint: null, Hyperparameters: null));
            Assert.Equal(interval > 1 ? 1 : 0, after.Released.Length);
            released.AddRange(after.Released);
        }

        Assert.Equal(released, StudyState.Fold(await ReadAllAsync(store)).ReleasedCheckpoints);
    }

    [StoreFact]
    public async Task What_was_committed_is_there_after_all_stores_were_closed()
    {
        var store = await OpenAsync();
        await AddAsync(store, Join(0));
        await store.DisposeAsync();

        var reopened = await OpenAsync();
        await AddAsync(reopened, Join(1));

        Assert.Equal([1, 2], (await ReadAllAsync(reopened)).Select(static r => r.Version));
        Assert.Equal(2, (await reopened.TransactAsync(static t => t.State.Workers.Count)).Value);
    }

    [StoreFact]
    public async Task A_closed_store_refuses_transactions()
    {
        var store = await OpenAsync();
        await store.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await store.TransactAsync(static _ => 1));
    }

    /// <summary>Opens a store that is closed after the test.</summary>
    protected async Task<IStudyStore> OpenAsync()
    {
        var store = await OpenStoreAsync();
        _opened.Add(store);
        return store;
    }

    /// <summary>All events after a version.</summary>
    protected static async Task<List<RecordedEvent>> ReadAllAsync(IStudyStore store, long afterVersion = 0)
    {
        List<RecordedEvent> events = [];
        await foreach (var recorded in store.ReadAsync(afterVersion))
            events.Add(recorded);

        return events;
    }

    /// <summary>Fails unless two states say the same in everything.</summary>
    protected static void AssertSame(StudyState expected, StudyState actual) =>
        Assert.True(StudySnapshot.Encode(expected).Span.SequenceEqual(StudySnapshot.Encode(actual).Span), $"The states at versions {expected.Version} and {actual.Version} differ.");

    /// <summary>Adds events in one transaction; returns the version.</summary>
    protected static async Task<long> AddAsync(IStudyStore store, params StudyEvent[] events) => (await CommitAsync(store, events)).Version;

    /// <summary>Waits for what must happen.</summary>
    protected static Task SoonAsync(Task task) => task.WaitAsync(Patience);

    /// <summary>A worker that joins: an event that follows from anything.</summary>
    protected static StudyEvent Join(int number) => new WorkerJoined(Name(number), "host", number, BootId: null, 0, 1);

    private static WorkerId Name(int number) => new(string.Create(CultureInfo.InvariantCulture, $"w{number}"));

    private static async Task<Committed<int>> CommitAsync(IStudyStore store, params StudyEvent[] events) => await store.TransactAsync(transaction =>
    {
        foreach (var happened in events)
            transaction.Add(happened);

        return events.Length;
    });

    private static string Digest(StudyTransaction transaction) => Digest(transaction.State);

    private static string Digest(StudyState state) => string.Join(
        '|',
        state.Version,
        state.LastTime.ToString("O", CultureInfo.InvariantCulture),
        state.Phase,
        state.EndReason,
        OutcomeDigest.Of(state),
        string.Join(',', state.LiveCheckpoints.Order(Comparer<CheckpointId>.Create(static (a, b) => string.CompareOrdinal(a.ToString(), b.ToString())))),
        string.Join(',', state.ReleasedCheckpoints),
        string.Join(',', state.DamagedCheckpoints.OrderBy(static d => d.Key.Attempt)),
        state.NextAttempt,
        string.Join(',', state.Workers));

    private static string WithoutHalves(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}

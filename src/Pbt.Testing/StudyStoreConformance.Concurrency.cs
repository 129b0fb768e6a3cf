using Pbt.Core.Population;
using Xunit;

// CS1591, CA1707: the tests' names are their documentation and read as facts.
#pragma warning disable CS1591, CA1707

namespace Pbt.Testing;

public abstract partial class StudyStoreConformance
{
    [StoreFact]
    public async Task Concurrent_transactions_of_several_stores_lose_no_update()
    {
        const int Stores = 3, Callers = 8, Each = 20;
        List<Task> callers = [];
        for (var s = 0; s < Stores; s++)
        {
            var store = await OpenAsync();
            callers.AddRange(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
            {
                for (var i = 0; i < Each; i++)
                    await store.TransactAsync(static t => Add(t, Join(t.State.Workers.Count)));
            })));
        }

        await SoonAsync(Task.WhenAll(callers));

        var state = StudyState.Fold(await ReadAllAsync(await OpenAsync()));
        Assert.Equal(Stores * Callers * Each, state.Version);
        Assert.Equal(Stores * Callers * Each, state.Workers.Count);
    }

    [StoreFact]
    public async Task A_transaction_sees_what_another_store_committed_before_it()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        for (var i = 0; i < 20; i++)
        {
            await AddAsync(i % 2 == 0 ? one : other, Join(i));
            Assert.Equal(i + 1, (await (i % 2 == 0 ? other : one).TransactAsync(static t => t.State.Version)).Value);
        }
    }

    [StoreFact]
    public async Task Readers_meet_whole_transactions_and_always_a_beginning_of_the_log()
    {
        const int Transactions = 100, Size = 7;
        var (writer, reader) = (await OpenAsync(), await OpenAsync());
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Transactions; i++)
                await writer.TransactAsync(static t => Enumerable.Range(0, Size).Count(_ => Add(t, Join((int)t.State.Version))));
        });

        var seen = 0;
        var finished = false;
        while (!finished)
        {
            finished = writing.IsCompleted;
            var read = await ReadAllAsync(reader);
            Assert.Equal(0, read.Count % Size);
            Assert.True(read.Count >= seen, $"{read.Count} events were read after {seen}.");
            Assert.All(read, static (recorded, i) => Assert.Equal((i + 1, Join(i)), (recorded.Version, recorded.Event)));
            seen = read.Count;
        }

        await SoonAsync(writing);
        Assert.Equal(Transactions * Size, seen);
    }

    [StoreFact]
    public async Task A_decision_that_throws_adds_nothing_and_disturbs_no_other()
    {
        var store = await OpenAsync();
        var calls = Enumerable.Range(0, 40).Select(i => Task.Run(async () => await store.TransactAsync(transaction =>
        {
            transaction.Add(Join(i));
            return i % 4 == 3 ? throw new FormatException("on purpose") : transaction.State.Workers.Count;
        }))).ToList();

        await Task.WhenAll(calls).ContinueWith(static _ => { }, TaskScheduler.Default).WaitAsync(Patience);

        Assert.All(calls, static (call, i) => Assert.Equal(i % 4 == 3, call.Exception?.InnerException is FormatException));
        var events = (await ReadAllAsync(await OpenAsync())).Select(static r => ((WorkerJoined)r.Event).Pid).Order();
        Assert.Equal(Enumerable.Range(0, 40).Where(static i => i % 4 != 3), events);
        Assert.Equal(30, (await store.TransactAsync(static t => t.State.Workers.Count)).Value);
    }

    [StoreFact]
    public async Task An_event_that_does_not_follow_is_refused_and_leaves_nothing()
    {
        var store = await OpenAsync();
        await AddAsync(store, [.. ConformanceStudy.Creation()]);

        await Assert.ThrowsAnyAsync<Exception>(() => AddAsync(store, Join(0), new AttemptReleased(new(9), "there is none")));

        Assert.Equal(3, (await ReadAllAsync(store)).Count);
        Assert.Equal(4, await AddAsync(store, Join(0)));
    }

    [StoreFact]
    public async Task A_call_cancelled_before_it_began_is_not_carried_out()
    {
        var store = await OpenAsync();
        using var gate = new ManualResetEventSlim();
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var first = Task.Run(async () => await store.TransactAsync(_ =>
        {
            begun.SetResult();
            return gate.Wait(Patience);
        }));
        await SoonAsync(begun.Task);
        using var cancellation = new CancellationTokenSource();
        var ran = false;
        var second = Task.Run(async () => await store.TransactAsync(t => ran = Add(t, Join(0)), cancellation.Token));

        await cancellation.CancelAsync();
        gate.Set();

        Assert.True((await first.WaitAsync(Patience)).Value);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => second.WaitAsync(Patience));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.TransactAsync(t => ran = Add(t, Join(0)), cancellation.Token));
        Assert.Equal(0, (await store.TransactAsync(static t => t.State.Version)).Value);
        Assert.False(ran);
    }

    [StoreFact]
    public async Task A_call_cancelled_after_it_began_is_carried_out()
    {
        var store = await OpenAsync();
        using var cancellation = new CancellationTokenSource();

        var committed = await store.TransactAsync(
            transaction =>
            {
                cancellation.Cancel();
                return Add(transaction, Join(0));
            },
            cancellation.Token);

        Assert.Equal(1, committed.Version);
        Assert.Single(await ReadAllAsync(store));
    }

    [StoreFact]
    public async Task Loading_while_others_write_gives_whole_transactions_and_holds_nobody_up()
    {
        const int Pairs = 200;
        var (writer, reader) = (await OpenAsync(), await OpenAsync());
        var writing = Task.Run(async () =>
        {
            for (var i = 0; i < Pairs; i++)
                await AddAsync(writer, Join(2 * i), Join((2 * i) + 1));
        });

        long last = 0;
        while (last < 2 * Pairs)
        {
            var finished = writing.IsCompleted;
            var state = await reader.LoadAsync();
            Assert.Equal(state.Version, state.Workers.Count);
            Assert.Equal(0, state.Version % 2);
            Assert.True(state.Version >= last, $"Version {state.Version} was loaded after {last}.");
            Assert.True(state.Version == 2 * Pairs || !finished, $"All was written, and version {state.Version} was loaded.");
            last = state.Version;
        }

        await SoonAsync(writing);
    }

    [StoreFact]
    public async Task Loading_can_be_cancelled()
    {
        var store = await OpenAsync();
        await AddAsync(store, Join(0));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await store.LoadAsync(new CancellationToken(canceled: true)));
    }

    [StoreFact]
    public async Task Waiting_ends_when_this_store_commits_or_is_closed()
    {
        var store = await OpenAsync();
        var waiting = store.WaitAsync(0).AsTask();
        Assert.False(waiting.IsCompleted);

        await AddAsync(store, Join(0));

        await SoonAsync(waiting);
        await SoonAsync(store.WaitAsync(0).AsTask());
        var waitingForMore = store.WaitAsync(1).AsTask();
        Assert.False(waitingForMore.IsCompleted);
        await store.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => waitingForMore.WaitAsync(Patience));
    }

    [StoreFact]
    public async Task Waiting_ends_when_another_store_commits()
    {
        var (one, other) = (await OpenAsync(), await OpenAsync());
        await AddAsync(one, Join(0));
        await SoonAsync(other.WaitAsync(0).AsTask());
        var waiting = other.WaitAsync(1).AsTask();
        var waitingForMore = other.WaitAsync(2).AsTask();

        await AddAsync(one, Join(1));
        await SoonAsync(waiting);
        Assert.False(waitingForMore.IsCompleted);

        await AddAsync(one, Join(2));
        await SoonAsync(waitingForMore);
    }

    [StoreFact]
    public async Task Waiting_can_be_cancelled_alone()
    {
        var store = await OpenAsync();
        using var cancellation = new CancellationTokenSource();
        var cancelled = store.WaitAsync(0, cancellation.Token).AsTask();
        var patient = store.WaitAsync(0).AsTask();

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled.WaitAsync(Patience));
        Assert.False(patient.IsCompleted);
        await AddAsync(store, Join(0));
        await SoonAsync(patient);
    }

    private static bool Add(Core.Scheduling.StudyTransaction transaction, StudyEvent happened)
    {
        transaction.Add(happened);
        return true;
    }
}

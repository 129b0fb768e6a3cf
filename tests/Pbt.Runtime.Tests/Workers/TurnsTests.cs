using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Workers;
using Pbt.Storage;

namespace Pbt.Runtime.Tests.Workers;

public sealed class TurnsTests
{
    [Fact]
    public async Task Turns_are_given_in_the_order_of_asking()
    {
        var turns = new Turns();
        var order = new List<int>();
        await turns.AwaitAsync(CancellationToken.None);
        Task[] waiting = [.. Enumerable.Range(0, 5).Select(WaitAsync)];
        Assert.Empty(order);
        turns.Pass();
        await Task.WhenAll(waiting);
        Assert.Equal([0, 1, 2, 3, 4], order);

        async Task WaitAsync(int number)
        {
            await turns.AwaitAsync(CancellationToken.None);
            order.Add(number);
            turns.Pass();
        }
    }

    [Fact]
    public async Task Who_gives_up_waiting_gets_no_turn_and_holds_nobody_up()
    {
        var turns = new Turns();
        using var patience = new CancellationTokenSource();
        await turns.AwaitAsync(CancellationToken.None);
        var impatient = turns.AwaitAsync(patience.Token);
        var patient = turns.AwaitAsync(CancellationToken.None);
        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(patient.IsCompleted);
        turns.Pass();
        await patient;
    }

    [Fact]
    public async Task Places_that_wait_for_a_generation_to_end_do_not_all_look_for_work_at_every_event()
    {
        const int Members = 32;
        const int Intervals = 3;
        var store = new CountingStores();
        var spec = TestSpecs.Command("unused") with
        {
            Population = Members,
            Mode = StudyMode.Synchronous,
            Budget = new Budget(Intervals: Intervals),
            Trainer = new InProcessTrainerSpec { Grace = TimeSpan.Zero },
        };
        await using var hosted = await HostedStudy.CreateAsync(spec, store.Count);
        using var oneAtATime = new SemaphoreSlim(1);
        await hosted.WorkAsync(
            async (interval, cancellationToken) =>
            {
                await oneAtATime.WaitAsync(cancellationToken);
                try
                {
                    return await HostedStudy.Train(interval, interval.Member.Value);
                }
                finally
                {
                    oneAtATime.Release();
                }
            },
            places: Members);
        Assert.Equal(Members * Intervals, (await hosted.LoadAsync()).CompletedIntervals);
        Assert.InRange(store.Transactions, Members * Intervals, 8 * Members * Intervals);
    }

    /// <summary>Counts the transactions of a store.</summary>
    private sealed class CountingStores
    {
        private int _transactions;

        public int Transactions => _transactions;

        public IStudyStore Count(IStudyStore store) => new Counting(store, this);

        private sealed class Counting(IStudyStore inner, CountingStores counts) : IStudyStore
        {
            public IAsyncEnumerable<RecordedEvent> ReadAsync(long afterVersion, CancellationToken cancellationToken = default) =>
                inner.ReadAsync(afterVersion, cancellationToken);

            public ValueTask<StudyState> LoadAsync(CancellationToken cancellationToken = default) => inner.LoadAsync(cancellationToken);

            public ValueTask<Committed<T>> TransactAsync<T>(Func<StudyTransaction, T> decide, CancellationToken cancellationToken = default)
            {
                Interlocked.Increment(ref counts._transactions);
                return inner.TransactAsync(decide, cancellationToken);
            }

            public ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken = default) => inner.WaitAsync(afterVersion, cancellationToken);

            public ValueTask DisposeAsync() => inner.DisposeAsync();
        }
    }
}

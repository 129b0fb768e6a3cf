using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A store that is kept waiting for the lock says so.</summary>
public sealed class LockAwaitedTests : IDisposable
{
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_store_whose_lock_another_keeps_says_that_it_waits_and_then_goes_on()
    {
        await using var keeping = JournalStore.Create(_study.Directory);
        await using var waiting = JournalStore.Open(_study.Directory, new HurriedTime());
        var said = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting.LockAwaited = () => said.TrySetResult();
        using var release = new ManualResetEventSlim();
        using var kept = new ManualResetEventSlim();
        var keeper = keeping.TransactAsync(_ =>
        {
            kept.Set();
            release.Wait();
            return true;
        }).AsTask();
        kept.Wait();
        var waiter = waiting.TransactAsync(static transaction => transaction.State.Version).AsTask();
        await said.Task;
        Assert.False(waiter.IsCompleted);
        release.Set();
        await keeper;
        Assert.Equal(0, (await waiter).Value);
    }

    /// <summary>A clock whose timers ring after a hundredth of their time at most.</summary>
    private sealed class HurriedTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Hurry(dueTime), Hurry(period));

        private static TimeSpan Hurry(TimeSpan span) => span > TimeSpan.FromSeconds(1) ? span / 100 : span;
    }
}

using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Waiting for a journal that another host writes.</summary>
public sealed class WatchTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TemporaryStudy _study = new();

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_write_whose_end_arrives_before_its_beginning_wakes_when_it_is_whole()
    {
        var first = JournalText.Line(1, JournalText.Join(1));
        var second = JournalText.Line(2, JournalText.Join(2));
        await File.WriteAllBytesAsync(_study.Journal, [.. first, .. new byte[second.Length]]);
        await using var store = JournalStore.Open(_study.Directory);
        await store.WaitAsync(0).AsTask().WaitAsync(Patience);
        var waiting = store.WaitAsync(1).AsTask();

        // No longer than it was: only its bytes tell that it has changed.
        using (var file = File.OpenHandle(_study.Journal, FileMode.Open, FileAccess.Write, FileShare.ReadWrite))
            RandomAccess.Write(file, second, first.Length);

        await waiting.WaitAsync(Patience);
        Assert.Equal(2, (await JournalText.ReadAsync(store)).Count);
    }
}

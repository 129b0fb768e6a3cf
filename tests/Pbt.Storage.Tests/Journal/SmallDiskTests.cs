using System.Diagnostics;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A journal on a file system that is full, or that may only be read.</summary>
public sealed class SmallDiskTests : IDisposable
{
    private readonly TemporaryStudy _study = new();
    private bool _mounted;

    public void Dispose()
    {
        if (_mounted)
            Run("umount", _study.Directory.Root);

        _study.Dispose();
    }

    [MountFact]
    public async Task A_full_disk_loses_nothing_and_work_goes_on_when_there_is_space()
    {
        Mount();
        await using var store = JournalStore.Create(_study.Directory);
        var filler = Path.Combine(_study.Directory.Root, "filler");
        await File.WriteAllBytesAsync(filler, new byte[128 << 10]);
        var acknowledged = 0;
        TransientStoreException? error = null;
        while (error is null)
        {
            try
            {
                await JournalText.AddAsync(store, Large(acknowledged), JournalText.Join(acknowledged));
                acknowledged += 2;
            }
            catch (TransientStoreException e)
            {
                error = e;
            }
        }

        Assert.Contains("no space left", error.Message, StringComparison.Ordinal);
        Assert.Contains(_study.Journal, error.Message, StringComparison.Ordinal);
        Assert.True(acknowledged > 0);
        Assert.Equal(acknowledged, (await JournalText.ReadAsync(store)).Count);
        await Assert.ThrowsAsync<TransientStoreException>(() => JournalText.AddAsync(store, Large(acknowledged), Large(acknowledged)));

        File.Delete(filler);

        Assert.Equal(acknowledged + 1, await JournalText.AddAsync(store, Large(acknowledged)));
        await using var reopened = JournalStore.Open(_study.Directory);
        Assert.Equal(acknowledged + 1, (await JournalText.ReadAsync(reopened)).Count);
        Assert.Equal(0, reopened.Statistics.TornBytesCut);
    }

    [MountFact]
    public async Task A_journal_that_may_only_be_read_can_be_read()
    {
        Mount();
        await using (var store = JournalStore.Create(_study.Directory))
            await JournalText.AddAsync(store, JournalText.Join(0));

        Run("mount", "-o", "remount,ro", _study.Directory.Root);
        await using var reader = JournalStore.Create(_study.Directory);

        Assert.Single(await JournalText.ReadAsync(reader));
        await reader.WaitAsync(0);
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => JournalText.AddAsync(reader, JournalText.Join(1)));
        Assert.Contains("may not be written", error.Message, StringComparison.Ordinal);
    }

    private static WorkerLost Large(int number) => new(new($"w{number}"), new string('x', 3000));

    private void Mount()
    {
        Run("mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", _study.Directory.Root);
        _mounted = true;
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
        var errors = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} failed: {errors}");
    }
}

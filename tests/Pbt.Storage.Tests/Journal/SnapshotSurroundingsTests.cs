using System.Diagnostics;
using System.Globalization;
using Pbt.Storage.Journal;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Storage.Tests.Journal;

/// <summary>Snapshots where the journal is another, the place is taken, the disk is full, or writers are killed.</summary>
public sealed class SnapshotSurroundingsTests : IDisposable
{
    private const int Intervals = 60;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private readonly TemporaryStudy _study = new();
    private bool _mounted;

    private StudyDirectory Directory => _study.Directory;

    public void Dispose()
    {
        if (_mounted)
            Run("umount", Directory.Root);

        _study.Dispose();
    }

    [Fact]
    public async Task A_snapshot_of_a_journal_that_was_cut_or_replaced_is_ignored()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        var journal = await File.ReadAllBytesAsync(Directory.Journal);
        var offset = OffsetOf(SnapshotStudy.Version(Directory));
        var lineBefore = journal.AsSpan(0, offset - 1).LastIndexOf((byte)'\n') + 1;
        using var other = new TemporaryStudy();
        await SnapshotStudy.WriteAsync(other.Directory, Intervals, SnapshotStudy.Never);
        foreach (var replaced in (byte[][])
        [
            journal[..lineBefore], journal[..(offset - 1)], [], await File.ReadAllBytesAsync(other.Journal),
            [.. journal.AsSpan(0, lineBefore), .. journal.AsSpan(offset)],
            Changed(journal, 20), Changed(journal, lineBefore + 20), Changed(journal, offset - 1), Changed(journal, offset - 5),
        ])
        {
            await File.WriteAllBytesAsync(Directory.Journal, replaced);
            Assert.False(SnapshotStudy.IsUsed(Directory));
        }

        await File.WriteAllBytesAsync(Directory.Journal, journal[..lineBefore]);
        var cut = await SnapshotStudy.AssertLoadsAsync(Directory);
        await using var store = SnapshotStudy.Open(Directory);
        await SnapshotStudy.WorkAsync(store, 10);
        Assert.True((await SnapshotStudy.AssertLoadsAsync(Directory)).Version > cut.Version);
    }

    [Fact]
    public async Task What_stands_in_the_snapshots_place_does_no_harm()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals);
        var elsewhere = Path.Combine(Directory.Root, "elsewhere");
        foreach (var name in (string[])[Directory.Snapshot, Directory.Snapshot + ".tmp"])
        {
            foreach (var make in (Action<string>[])
            [
                static path => System.IO.Directory.CreateDirectory(path),
                static path => Run("mkfifo", path),
                path => File.CreateSymbolicLink(path, elsewhere),
                static path => File.CreateSymbolicLink(path, "/dev/zero"),
                static path => File.CreateSymbolicLink(path, path),
            ])
            {
                File.Delete(Directory.Snapshot);
                await File.WriteAllTextAsync(elsewhere, "precious");
                make(name);

                await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon).WaitAsync(Patience);
                await using (var store = SnapshotStudy.Open(Directory))
                    await SnapshotStudy.WorkAsync(store, 1).WaitAsync(Patience);

                Assert.Equal("precious", await File.ReadAllTextAsync(elsewhere));
                if (System.IO.Directory.Exists(name))
                    System.IO.Directory.Delete(name);
                else
                    File.Delete(name);
            }
        }
    }

    [Fact]
    public async Task One_writes_at_a_time_and_a_file_that_a_killed_one_left_is_used()
    {
        await SnapshotStudy.WriteAsync(Directory, Intervals, SnapshotStudy.Never);
        await File.WriteAllTextAsync(Directory.Snapshot + ".tmp", "half a snapshot");
        using (var first = SnapshotTarget.TryOpen(Directory.Snapshot))
        {
            Assert.NotNull(first);
            Assert.Null(SnapshotTarget.TryOpen(Directory.Snapshot));
            await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
            Assert.False(File.Exists(Directory.Snapshot));
        }

        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
        Assert.True(SnapshotStudy.IsUsed(Directory));
        Assert.False(File.Exists(Directory.Snapshot + ".tmp"));
    }

    [Fact]
    public async Task Processes_that_write_snapshots_all_the_time_and_are_killed_leave_none_that_is_wrong()
    {
        await using (JournalStore.Create(Directory))
        {
        }

        for (var round = 0; round < 6; round++)
        {
            var killAfter = 40 + (round * 37);
            await Task.WhenAll(Enumerable.Range(0, 3).Select(i => RunHostAsync(string.Create(CultureInfo.InvariantCulture, $"r{round}p{i}"), i == 0 ? null : killAfter)))
                .WaitAsync(Patience);
            var state = await SnapshotStudy.AssertLoadsAsync(Directory);
            Assert.Equal(state.Version, state.Workers.Count);
        }

        // Whatever a killed one left half written is in nobody's way.
        await SnapshotStudy.AssertLoadsAsync(Directory, new(1, int.MaxValue));
        Assert.True(SnapshotStudy.IsUsed(Directory));
    }

    [MountFact]
    public async Task A_directory_that_may_only_be_read_gets_no_snapshot_and_no_complaint()
    {
        Mount("4m");
        await SnapshotStudy.WriteAsync(Directory, Intervals, SnapshotStudy.Never);
        Run("mount", "-o", "remount,ro", Directory.Root);

        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);

        Assert.False(File.Exists(Directory.Snapshot));
    }

    [MountFact]
    public async Task A_full_disk_gets_no_snapshot_and_no_complaint_and_keeps_its_space_for_the_journal()
    {
        Mount("1m");
        await SnapshotStudy.WriteAsync(Directory, Intervals, SnapshotStudy.Never);
        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
        var old = await File.ReadAllBytesAsync(Directory.Snapshot);
        await using (var store = SnapshotStudy.Open(Directory, SnapshotStudy.Never))
            await SnapshotStudy.WorkAsync(store, Intervals);

        await FillAsync(leave: old.Length);
        await SnapshotStudy.AssertLoadsAsync(Directory, SnapshotStudy.Soon);
        Assert.Equal(old, await File.ReadAllBytesAsync(Directory.Snapshot));
        Assert.False(File.Exists(Directory.Snapshot + ".tmp"));

        await FillAsync(leave: 0);
        using var target = SnapshotTarget.TryOpen(Directory.Snapshot);
        using var journal = JournalFile.Open(Directory.Journal, writable: false);
        var header = SnapshotFile.ReadHeader(Directory.Snapshot, journal, journal.Length)!;
        Assert.True(target is null || !target.TryWrite(header, new byte[64 << 10]));
        Assert.Equal(old, await File.ReadAllBytesAsync(Directory.Snapshot));
        Assert.Equal(4 + (12 * Intervals), (await SnapshotStudy.AssertLoadsAsync(Directory)).Version);
    }

    private int OffsetOf(long version)
    {
        using var journal = JournalFile.Open(Directory.Journal, writable: false);
        var header = SnapshotFile.ReadHeader(Directory.Snapshot, journal, journal.Length)!;
        Assert.Equal(version, header.Position.Version);
        return (int)header.Position.Offset;
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        var changed = bytes.ToArray();
        changed[at] ^= 1;
        return changed;
    }

    /// <summary>Runs a process that writes a snapshot after each batch, to its end or until it has acknowledged so many.</summary>
    private async Task RunHostAsync(string name, int? killAfter)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Pbt.Storage.TestHost");
        var count = killAfter is null ? 60 : int.MaxValue;
        string[] arguments = [Directory.Root, name, count.ToString(CultureInfo.InvariantCulture), "1"];
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        for (var lines = 1; await process.StandardOutput.ReadLineAsync() is not null; lines++)
        {
            if (lines == killAfter)
                process.Kill();
        }

        await process.WaitForExitAsync();
        Assert.Equal(killAfter is null ? 0 : 137, process.ExitCode);
    }

    private async Task FillAsync(int leave)
    {
        var filler = Path.Combine(Directory.Root, "filler");
        File.Delete(filler);
        var free = new DriveInfo(Directory.Root).AvailableFreeSpace;
        await File.WriteAllBytesAsync(filler, new byte[Math.Max(0, free - leave) / 4096 * 4096]);
    }

    private void Mount(string size)
    {
        Run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", Directory.Root);
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

using System.Collections.Immutable;
using System.Text;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Journal;

/// <summary>A damaged journal is cut to what is intact, and every byte of it is kept beside.</summary>
public sealed class JournalRepairTests : IDisposable
{
    private readonly TemporaryStudy _study = new();
    private readonly byte[] _bytes;
    private readonly ImmutableArray<(int Events, int End)> _transactions;

    public JournalRepairTests() => (_bytes, _transactions) = JournalText.Transactions(
    [
        [.. ConformanceStudy.EveryEvent().Take(4)],
        [.. ConformanceStudy.EveryEvent().Skip(4).Take(4)],
        .. ConformanceStudy.EveryEvent().Skip(8).Chunk(2),
    ]);

    private string Journal => _study.Journal;

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Whatever_byte_is_flipped_all_transactions_before_it_are_kept_and_the_study_goes_on()
    {
        for (var at = _transactions[0].End; at < _bytes.Length; at += 101)
        {
            var damaged = _bytes.ToArray();
            damaged[at] ^= 0x20;
            await File.WriteAllBytesAsync(Journal, damaged);
            var kept = _transactions.Last(t => t.End <= at);

            string copy;
            using (var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
            {
                if (repair.Diagnosis.Condition == JournalCondition.Torn)
                {
                    // The last newline: what is before it is the beginning of a line.
                    Assert.Equal(_bytes.Length - 1, at);
                    continue;
                }

                Assert.Equal((JournalCondition.Damaged, (long)kept.Events, (long)kept.End), (repair.Diagnosis.Condition, repair.Diagnosis.KeptEvents, repair.Diagnosis.KeptBytes));
                Assert.True(repair.Diagnosis.DamagedOffset <= at && repair.Diagnosis.HighestAttempt.Value >= 5);
                copy = repair.Apply(new AttemptId(repair.Diagnosis.HighestAttempt.Value + 1));
            }

            Assert.Equal(damaged, await File.ReadAllBytesAsync(copy));
            Assert.Equal(_bytes[..kept.End], (await File.ReadAllBytesAsync(Journal))[..kept.End]);
            await using var store = JournalStore.Open(_study.Directory);
            var last = (await JournalText.ReadAsync(store))[^1];
            Assert.Equal(kept.Events + 1, last.Version);
            Assert.IsType<LogRepaired>(last.Event);
            Assert.Equal(kept.Events + 2, await JournalText.AddAsync(store, JournalText.Join(9)));
            var state = (await store.TransactAsync(static t => (t.State.Attempts.Count, t.State.NextAttempt))).Value;
            Assert.Equal((0, true), (state.Count, state.NextAttempt.Value > 5));
            File.Delete(copy);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_was_done_to_a_journal_a_repair_leaves_a_beginning_of_it_that_is_in_order(int seed)
    {
        var random = new Random(seed);
        for (var round = 0; round < 60; round++)
        {
            var damaged = Damage(random);
            await File.WriteAllBytesAsync(Journal, damaged);
            using (var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
            {
                if (repair.Diagnosis.Condition != JournalCondition.Damaged || !repair.Diagnosis.State.Exists)
                    continue;

                Assert.Equal(_bytes[..(int)repair.Diagnosis.KeptBytes], damaged[..(int)repair.Diagnosis.KeptBytes]);
                File.Delete(repair.Apply(new AttemptId(repair.Diagnosis.HighestAttempt.Value + 1)));
            }

            await using var store = JournalStore.Open(_study.Directory);
            await JournalText.AddAsync(store, JournalText.Join(round));
            using var again = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: false);
            Assert.Equal(JournalCondition.Intact, again.Diagnosis.Condition);
        }
    }

    [Fact]
    public async Task The_diagnosis_says_what_is_lost()
    {
        var lines = Lines();
        var flipped = Flip(lines, line: 11);
        await File.WriteAllBytesAsync(Journal, flipped);

        using var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: false);

        var found = repair.Diagnosis;
        Assert.Equal((11L, (long)lines.Take(10).Sum(static l => l.Length), 10L), (found.DamagedLine, found.DamagedOffset, found.KeptEvents));
        Assert.Contains("checksum", found.What, StringComparison.Ordinal);
        Assert.Equal(1, found.UnreadableLines);
        Assert.Equal((12L, (long)lines.Count), Assert.Single(found.IntactLines));
        Assert.Equal<LostInterval>([new(new MemberId(0), 2), new(new MemberId(2), 1)], [.. found.LostIntervals]);
        Assert.Equal(0, found.LostUnknownIntervals);
        Assert.Equal(lines.Count - 10, found.CutLines);
        Assert.Equal(2, found.CutEvents["interval_completed"]);
        Assert.Equal(flipped, await File.ReadAllBytesAsync(Journal));
    }

    [Fact]
    public async Task An_event_that_does_not_follow_is_cut_with_its_whole_transaction()
    {
        var before = _transactions[1];
        var bad = new IntervalCompleted(new AttemptId(99), 1, 1, 1, [], ImmutableSortedDictionary<string, double>.Empty);
        await File.WriteAllBytesAsync(
            Journal,
            [.. _bytes[..before.End], .. JournalText.Line(before.Events + 1, JournalText.Join(1), more: true), .. JournalText.Line(before.Events + 2, bad), .. JournalText.Line(before.Events + 3, JournalText.Join(2))]);

        using var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true);

        Assert.Equal((before.Events, before.Events + 2L, 3L), (repair.Diagnosis.KeptEvents, repair.Diagnosis.DamagedLine, repair.Diagnosis.CutLines));
        Assert.Contains("does not follow", repair.Diagnosis.What, StringComparison.Ordinal);
        Assert.DoesNotContain(new WorkerId("w1"), repair.Diagnosis.State.Workers.Select(static w => w.Id));
        repair.Apply(new AttemptId(100));
        await using var store = JournalStore.Open(_study.Directory);
        Assert.Equal(before.Events + 1, (await JournalText.ReadAsync(store)).Count);
    }

    [Fact]
    public async Task A_torn_or_intact_journal_is_left_alone()
    {
        await File.WriteAllBytesAsync(Journal, _bytes);
        using (var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
        {
            Assert.Equal(JournalCondition.Intact, repair.Diagnosis.Condition);
            Assert.Throws<InvalidOperationException>(() => repair.Apply(new AttemptId(100)));
        }

        foreach (var cut in (int[])[1, 20, 200])
        {
            await File.WriteAllBytesAsync(Journal, _bytes[..^cut]);
            using var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true);
            Assert.Equal(JournalCondition.Torn, repair.Diagnosis.Condition);
        }

        Assert.Single(Directory.GetFileSystemEntries(_study.Directory.Root));
    }

    [Theory]
    [InlineData(nameof(RepairStep.CopyWritten), 0, false)]
    [InlineData(nameof(RepairStep.CopyNamed), 1, false)]
    [InlineData(nameof(RepairStep.RepairedWritten), 1, false)]
    [InlineData(nameof(RepairStep.Replaced), 1, true)]
    public async Task A_repair_that_is_cut_short_leaves_the_old_journal_or_the_new_one_and_the_copy(string step, int copies, bool isRepaired)
    {
        var damaged = Flip(Lines(), line: 12);
        await File.WriteAllBytesAsync(Journal, damaged);
        await File.WriteAllTextAsync(_study.Directory.Snapshot, "of the damaged one");
        using (var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
        {
            repair.Reached = reached =>
            {
                if (reached == Enum.Parse<RepairStep>(step))
                    throw new OperationCanceledException("the machine died");
            };
            Assert.Throws<OperationCanceledException>(() => repair.Apply(new AttemptId(100)));
        }

        var left = await File.ReadAllBytesAsync(Journal);
        Assert.Equal(isRepaired, !damaged.SequenceEqual(left));
        Assert.All(Copies(), copy => Assert.Equal(damaged, File.ReadAllBytes(copy)));
        Assert.Equal(copies, Copies().Length);
        using (var again = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
        {
            Assert.Equal(isRepaired ? JournalCondition.Intact : JournalCondition.Damaged, again.Diagnosis.Condition);
            if (!isRepaired)
                again.Apply(new AttemptId(100));
        }

        Assert.False(File.Exists(_study.Directory.Snapshot));
        Assert.NotEmpty(Copies());
        Assert.All(Copies(), copy => Assert.Equal(damaged, File.ReadAllBytes(copy)));
        await using var store = JournalStore.Open(_study.Directory);
        Assert.IsType<LogRepaired>((await JournalText.ReadAsync(store))[^1].Event);
    }

    [Fact]
    public async Task A_store_that_was_open_meanwhile_writes_no_more()
    {
        await File.WriteAllBytesAsync(Journal, _bytes);
        await using var store = JournalStore.Open(_study.Directory);
        var version = await JournalText.AddAsync(store, JournalText.Join(1));
        var damaged = await File.ReadAllBytesAsync(Journal);
        damaged[_transactions[2].End + 30] ^= 1;
        await File.WriteAllBytesAsync(Journal, damaged);
        using (var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true))
            repair.Apply(new AttemptId(100));

        // Also when the repaired journal has grown past what the store knows.
        await using (var other = JournalStore.Open(_study.Directory))
            await JournalText.AddAsync(other, [.. Enumerable.Range(0, (int)version).Select(JournalText.Join)]);

        var repaired = await File.ReadAllBytesAsync(Journal);
        await Assert.ThrowsAsync<DamagedStoreException>(async () => await JournalText.AddAsync(store, JournalText.Join(2)));
        Assert.Equal(repaired, await File.ReadAllBytesAsync(Journal));
        Assert.Equal(damaged, await File.ReadAllBytesAsync(Assert.Single(Copies())));
    }

    [Fact]
    public async Task A_line_longer_than_any_is_passed_over()
    {
        var kept = _transactions[3];
        await using (var file = File.Create(Journal))
        {
            await file.WriteAsync(_bytes.AsMemory(0, kept.End));
            var block = Encoding.ASCII.GetBytes(new string('x', 1 << 20));
            for (var i = 0; i < 70; i++)
                await file.WriteAsync(block);

            await file.WriteAsync("\n"u8.ToArray());
            await file.WriteAsync(_bytes.AsMemory(kept.End));
        }

        using var repair = JournalRepair.Open(_study.Directory, TimeProvider.System, forRepair: true);

        Assert.Equal((kept.Events, kept.Events + 1L, 1L), (repair.Diagnosis.KeptEvents, repair.Diagnosis.DamagedLine, repair.Diagnosis.UnreadableLines));
        Assert.Equal((kept.Events + 2L, _transactions[^1].Events + 1L), Assert.Single(repair.Diagnosis.IntactLines));
    }

    private string[] Copies() => Directory.GetFiles(_study.Directory.Root, "journal.jsonl.damaged-*");

    private List<byte[]> Lines()
    {
        var lines = new List<byte[]>();
        for (var at = 0; at < _bytes.Length;)
        {
            var length = _bytes.AsSpan(at).IndexOf((byte)'\n') + 1;
            lines.Add(_bytes[at..(at + length)]);
            at += length;
        }

        return lines;
    }

    private static byte[] Flip(List<byte[]> lines, int line)
    {
        var copies = lines.Select(static l => l.ToArray()).ToList();
        copies[line - 1][40] ^= 1;
        return [.. copies.SelectMany(static l => l)];
    }

    private byte[] Damage(Random random)
    {
        var bytes = _bytes.ToList();
        for (var times = random.Next(1, 4); times > 0; times--)
        {
            var at = random.Next(bytes.Count);
            var length = Math.Min(random.Next(1, 600), bytes.Count - at);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)random.Next(1, 256);
                    break;
                case 1:
                    bytes.RemoveRange(at, length);
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(random.Next(bytes.Count - length), length));
                    break;
                case 3:
                    for (var i = at; i < at + length; i++)
                        bytes[i] = 0;
                    break;
                default:
                    bytes.InsertRange(at, Enumerable.Range(0, length).Select(_ => (byte)random.Next(256)));
                    break;
            }
        }

        return [.. bytes];
    }
}

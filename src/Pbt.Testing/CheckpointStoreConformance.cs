using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;
using Xunit;

// CS1591, CA1707: the tests' names are their documentation and read as facts.
#pragma warning disable CS1591, CA1707

namespace Pbt.Testing;

/// <summary>What every store of checkpoints promises; derive from it and say how to open one.</summary>
/// <remarks>xunit makes a new instance for each test: each instance has a store of its own, empty at first.</remarks>
public abstract class CheckpointStoreConformance
{
    /// <summary>The checkpoint that the tests publish.</summary>
    protected static readonly CheckpointId Id = new(new MemberId(3), 7, new AttemptId(123));

    /// <summary>This test's store.</summary>
    protected abstract ICheckpointStore Store { get; }

    /// <summary>Opens the same store anew, as on another machine: nothing of it has been read there.</summary>
    protected abstract ICheckpointStore Elsewhere();

    /// <summary>Puts a file in the place of one of a published checkpoint's, as they are kept; null removes it.</summary>
    protected abstract Task ReplaceAsync(CheckpointId id, string path, byte[]? content);

    [StoreFact]
    public async Task What_was_published_is_fetched_with_all_its_files_links_and_empty_directories()
    {
        await PublishAsync();
        foreach (var store in (ICheckpointStore[])[Store, Elsewhere()])
        {
            var path = Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id)).Path;

            Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(path, "latest", "weights.bin")));
            Assert.Equal(string.Empty, await File.ReadAllTextAsync(Path.Combine(path, "empty")));
            Assert.Equal("odd", await File.ReadAllTextAsync(Path.Combine(path, "step-1", Odd)));
            Assert.Equal(Large, await File.ReadAllBytesAsync(Path.Combine(path, "step-1", "large.bin")));
            Assert.True(Directory.Exists(Path.Combine(path, "step-2")));
            Assert.Equal(path, store.LocalPathOf(Id));
            store.Release(Id);
            Assert.IsType<FetchResult.Fetched>(await store.VerifyAsync(Id));
            Assert.Equal([new StoredCheckpoint(Id, IsPublished: true)], await store.ListAsync().ToListAsync());
        }
    }

    [StoreFact]
    public async Task Publishing_once_more_what_is_published_says_the_same()
    {
        await File.WriteAllTextAsync(Path.Combine(Store.Stage(Id), "weights.bin"), "weights");
        var first = Assert.IsType<PublishResult.Published>(await Store.PublishAsync(Id));

        var again = Assert.IsType<PublishResult.Published>(await Store.PublishAsync(Id));

        Assert.Equal(first.Manifest.Files.AsEnumerable(), again.Manifest.Files.AsEnumerable());
        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id));
    }

    [StoreFact]
    public async Task What_is_only_staged_or_was_deleted_is_missing()
    {
        await File.WriteAllTextAsync(Path.Combine(Store.Stage(Id), "weights.bin"), "weights");
        Assert.IsType<FetchResult.Missing>(await Store.FetchAsync(Id));
        Assert.Equal([new StoredCheckpoint(Id, IsPublished: false)], await Store.ListAsync().ToListAsync());
        await Store.PublishAsync(Id);
        await Store.DeleteAsync(Id);
        await Store.DeleteAsync(Id);

        Assert.IsType<FetchResult.Missing>(await Store.FetchAsync(Id));
        Assert.IsType<FetchResult.Missing>(await Store.VerifyAsync(Id));
        Assert.IsType<FetchResult.Missing>(await Elsewhere().FetchAsync(Id));
        Assert.Empty(await Store.ListAsync().ToListAsync());
    }

    [StoreFact]
    public async Task Discarding_removes_what_is_staged_and_never_what_is_published()
    {
        await File.WriteAllTextAsync(Path.Combine(Store.Stage(Id), "weights.bin"), "weights");
        await Store.DiscardAsync(Id);
        Assert.Empty(await Store.ListAsync().ToListAsync());
        Assert.IsType<PublishResult.Refused>(await Store.PublishAsync(Id));

        await PublishAsync();
        await Store.DiscardAsync(Id);
        await Store.DiscardAsync(Id);
        await Elsewhere().DiscardAsync(Id);

        Assert.IsType<FetchResult.Fetched>(await Elsewhere().FetchAsync(Id));
    }

    [StoreFact]
    public async Task The_size_of_a_checkpoint_is_that_of_its_files()
    {
        await File.WriteAllBytesAsync(Path.Combine(Store.Stage(Id), "weights.bin"), new byte[5000]);
        Assert.Equal(5000, await Store.SizeAsync(new StoredCheckpoint(Id, IsPublished: false)));
        await Store.PublishAsync(Id);

        Assert.InRange(await Elsewhere().SizeAsync(new StoredCheckpoint(Id, IsPublished: true)), 5000, 6000);
        await Store.DeleteAsync(Id);
        Assert.Equal(0, await Store.SizeAsync(new StoredCheckpoint(Id, IsPublished: true)));
    }

    [StoreFact]
    public async Task A_flipped_bit_is_found_wherever_it_is()
    {
        await PublishAsync();
        foreach (var place in (int[])[0, 3, (1 << 20) - 1, 1 << 20, (1 << 20) + 5])
        {
            var bytes = Large.ToArray();
            bytes[place] ^= 0x10;
            await ReplaceAsync(Id, "step-1/large.bin", bytes);

            await IsDamagedAsync("step-1/large.bin", "SHA-256");
        }
    }

    [StoreFact]
    public async Task A_file_that_is_shorter_longer_or_gone_is_found()
    {
        await PublishAsync();
        foreach (var check in Enum.GetValues<CheckpointCheck>())
        {
            foreach (var text in (string[])["weight", "weights!", string.Empty])
            {
                await ReplaceAsync(Id, "step-1/weights.bin", System.Text.Encoding.UTF8.GetBytes(text));
                await IsDamagedAsync(check, "'step-1/weights.bin'", $"{text.Length} bytes", "with 7");
            }

            await ReplaceAsync(Id, "step-1/weights.bin", content: null);
            await IsDamagedAsync(check, "'step-1/weights.bin'", "missing");
        }
    }

    [StoreFact]
    public async Task A_file_beside_those_that_were_published_is_no_damage()
    {
        await PublishAsync();
        await ReplaceAsync(Id, "cache.tmp", System.Text.Encoding.UTF8.GetBytes("left by a trainer that loads it"));

        Assert.IsType<FetchResult.Fetched>(await Elsewhere().FetchAsync(Id));
    }

    [StoreFact]
    public async Task A_manifest_that_pbt_did_not_write_is_damage()
    {
        await PublishAsync();
        foreach (var bad in (string[])["", "{", "null", "[]", "{}", "{\"files\":[]}", "{\"files\":null,\"links\":[]}", "{\"files\":[null],\"links\":[]}", new string('[', 100_000)])
        {
            await ReplaceAsync(Id, CheckpointManifest.FileName, System.Text.Encoding.UTF8.GetBytes(bad));
            await IsDamagedAsync("manifest");
        }
    }

    [StoreFact]
    public async Task A_manifest_whose_paths_lead_out_is_damage()
    {
        await PublishAsync();
        foreach (var path in (string[])["/etc/hostname", "../outside", "step-1/../../outside", "step-1//weights.bin", "./step-1/weights.bin", ""])
        {
            var manifest = new CheckpointManifest([new CheckpointFile(path, 7, new string('0', 64))], []);
            await ReplaceAsync(Id, CheckpointManifest.FileName, manifest.ToJson());
            await IsDamagedAsync($"'{path}'", "not inside");
        }
    }

    [StoreFact]
    public async Task A_fetch_can_be_cancelled()
    {
        await PublishAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Elsewhere().FetchAsync(Id, cancellationToken: new CancellationToken(canceled: true)));
    }

    /// <summary>A name with what must be encoded in addresses, keys or XML.</summary>
    protected static string Odd => "a b+c%20&é?#<\n>.bin";

    /// <summary>What is in the large file.</summary>
    protected static byte[] Large { get; } = [.. Enumerable.Range(0, (1 << 20) + 10).Select(static i => (byte)(i * 31 / 7))];

    /// <summary>Publishes a checkpoint with files large and empty, an empty directory and a link.</summary>
    protected async Task PublishAsync()
    {
        var staged = Store.Stage(Id);
        Directory.CreateDirectory(Path.Combine(staged, "step-1"));
        Directory.CreateDirectory(Path.Combine(staged, "step-2"));
        await File.WriteAllTextAsync(Path.Combine(staged, "step-1", "weights.bin"), "weights");
        await File.WriteAllBytesAsync(Path.Combine(staged, "step-1", "large.bin"), Large);
        await File.WriteAllTextAsync(Path.Combine(staged, "step-1", Odd), "odd");
        await File.WriteAllTextAsync(Path.Combine(staged, "empty"), string.Empty);
        Directory.CreateSymbolicLink(Path.Combine(staged, "latest"), "step-1");
        Assert.IsType<PublishResult.Published>(await Store.PublishAsync(Id));
    }

    /// <summary>Fails unless the checkpoint is damaged, with all these words in the reason.</summary>
    protected async Task IsDamagedAsync(params string[] words)
    {
        await IsDamagedAsync(CheckpointCheck.Digests, words);
        Says(await Store.VerifyAsync(Id), words);
    }

    /// <summary>Fails unless a look of this closeness finds the checkpoint damaged, with all these words in the reason.</summary>
    protected async Task IsDamagedAsync(CheckpointCheck check, params string[] words) => Says(await Elsewhere().FetchAsync(Id, check), words);

    private static void Says(FetchResult result, string[] words)
    {
        var damaged = Assert.IsType<FetchResult.Damaged>(result);
        Assert.All(words, word => Assert.Contains(word, damaged.Reason, StringComparison.Ordinal));
    }
}

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

    /// <summary>The directory of a published checkpoint's files as they are kept, for the test to damage.</summary>
    protected abstract string Kept(CheckpointId id);

    [Fact]
    public async Task What_was_published_is_fetched_with_all_its_files_and_links()
    {
        await PublishAsync();

        var path = Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id)).Path;

        Assert.Equal("weights", await File.ReadAllTextAsync(Path.Combine(path, "latest", "weights.bin")));
        Assert.Equal(string.Empty, await File.ReadAllTextAsync(Path.Combine(path, "empty")));
        Assert.IsType<FetchResult.Fetched>(await Store.VerifyAsync(Id));
        Assert.Equal([new StoredCheckpoint(Id, IsPublished: true)], Store.List());
    }

    [Fact]
    public async Task Publishing_once_more_what_is_published_says_the_same()
    {
        await File.WriteAllTextAsync(Path.Combine(Store.Stage(Id), "weights.bin"), "weights");
        var first = Assert.IsType<PublishResult.Published>(await Store.PublishAsync(Id));

        var again = Assert.IsType<PublishResult.Published>(await Store.PublishAsync(Id));

        Assert.Equal(first.Manifest.Files.AsEnumerable(), again.Manifest.Files.AsEnumerable());
        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id));
    }

    [Fact]
    public async Task What_is_only_staged_or_was_deleted_is_missing()
    {
        await File.WriteAllTextAsync(Path.Combine(Store.Stage(Id), "weights.bin"), "weights");
        Assert.IsType<FetchResult.Missing>(await Store.FetchAsync(Id));
        await Store.PublishAsync(Id);
        Store.Delete(Id);
        Store.Delete(Id);

        Assert.IsType<FetchResult.Missing>(await Store.FetchAsync(Id));
        Assert.IsType<FetchResult.Missing>(await Store.VerifyAsync(Id));
        Assert.Empty(Store.List());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData((1 << 20) - 1)]
    [InlineData(1 << 20)]
    [InlineData((1 << 20) + 5)]
    public async Task A_flipped_bit_is_found_wherever_it_is(int place)
    {
        await PublishAsync();
        var file = Path.Combine(Kept(Id), "step-1", "large.bin");
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[place] ^= 0x10;
        await File.WriteAllBytesAsync(file, bytes);

        await IsDamagedAsync("step-1/large.bin", "SHA-256");
        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id, CheckpointCheck.Sizes));
    }

    [Theory]
    [InlineData(CheckpointCheck.Sizes)]
    [InlineData(CheckpointCheck.Digests)]
    public async Task A_file_that_is_shorter_longer_or_gone_is_found_without_reading_it(CheckpointCheck check)
    {
        await PublishAsync();
        var file = Path.Combine(Kept(Id), "step-1", "weights.bin");
        foreach (var text in (string[])["weight", "weights!", string.Empty])
        {
            await File.WriteAllTextAsync(file, text);
            await IsDamagedAsync(check, "'step-1/weights.bin'", $"{text.Length} bytes", "with 7");
        }

        File.Delete(file);
        await IsDamagedAsync(check, "'step-1/weights.bin'", "missing");
    }

    [Fact]
    public async Task A_file_whose_place_something_else_has_taken_is_found()
    {
        await PublishAsync();
        var file = Path.Combine(Kept(Id), "step-1", "weights.bin");
        File.Move(file, Path.Combine(Kept(Id), "step-1", "moved"));
        File.CreateSymbolicLink(file, "moved");
        await IsDamagedAsync("'step-1/weights.bin'", "no regular file");

        File.Delete(file);
        Directory.CreateDirectory(file);
        await IsDamagedAsync("'step-1/weights.bin'", "no regular file");
    }

    [Fact]
    public async Task A_link_that_is_gone_or_points_elsewhere_is_found()
    {
        await PublishAsync();
        var link = Path.Combine(Kept(Id), "latest");
        File.Delete(link);
        await IsDamagedAsync("link 'latest'", "missing");

        Directory.CreateSymbolicLink(link, "step-2");
        await IsDamagedAsync("link 'latest'", "'step-2'", "'step-1'");
    }

    [Fact]
    public async Task A_file_beside_those_that_were_published_is_no_damage()
    {
        await PublishAsync();
        await File.WriteAllTextAsync(Path.Combine(Kept(Id), "cache.tmp"), "left by a trainer that loads it");

        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id));
    }

    /// <summary>Publishes a checkpoint with files large and empty, and a link.</summary>
    protected async Task PublishAsync()
    {
        var staged = Store.Stage(Id);
        Directory.CreateDirectory(Path.Combine(staged, "step-1"));
        Directory.CreateDirectory(Path.Combine(staged, "step-2"));
        await File.WriteAllTextAsync(Path.Combine(staged, "step-1", "weights.bin"), "weights");
        await File.WriteAllBytesAsync(Path.Combine(staged, "step-1", "large.bin"), new byte[(1 << 20) + 10]);
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

    private async Task IsDamagedAsync(CheckpointCheck check, params string[] words) => Says(await Store.FetchAsync(Id, check), words);

    private static void Says(FetchResult result, string[] words)
    {
        var damaged = Assert.IsType<FetchResult.Damaged>(result);
        Assert.All(words, word => Assert.Contains(word, damaged.Reason, StringComparison.Ordinal));
    }
}

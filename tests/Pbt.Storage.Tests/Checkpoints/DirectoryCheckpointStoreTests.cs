using System.Security.Cryptography;
using System.Text;
using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;

namespace Pbt.Storage.Tests.Checkpoints;

public sealed class DirectoryCheckpointStoreTests : IDisposable
{
    private static readonly CheckpointId Id = new(new MemberId(3), 7, new AttemptId(123));

    private readonly TemporaryStudy _study = new();
    private readonly DirectoryCheckpointStore _store;

    public DirectoryCheckpointStoreTests() => _store = new DirectoryCheckpointStore(_study.Directory);

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task A_published_checkpoint_has_a_manifest_with_sizes_and_digests()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        Directory.CreateDirectory(Path.Combine(staged, "inner"));
        File.WriteAllText(Path.Combine(staged, "inner", "state"), string.Empty);

        var published = Assert.IsType<PublishResult.Published>(await _store.PublishAsync(Id));
        Assert.Equal(["inner/state", "weights.bin"], published.Manifest.Files.Select(static f => f.Path));
        Assert.Equal(
            new CheckpointFile("weights.bin", 5, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes("hello")))),
            published.Manifest.Files[1]);

        var path = Assert.IsType<FetchResult.Fetched>(await _store.FetchAsync(Id)).Path;
        Assert.Equal(Path.Combine(_study.Directory.Checkpoints, "m0003", "i000007-a000123"), path);
        var read = CheckpointManifest.Read(File.ReadAllBytes(Path.Combine(path, CheckpointManifest.FileName)));
        Assert.Equal<CheckpointFile>(published.Manifest.Files, read!.Files);
    }

    [Fact]
    public async Task What_is_only_staged_is_not_a_checkpoint()
    {
        File.WriteAllText(Path.Combine(_store.Stage(Id), "weights.bin"), "hello");
        Assert.IsType<FetchResult.Missing>(await _store.FetchAsync(Id));
        Assert.Equal([new StoredCheckpoint(Id, IsPublished: false)], _store.List());
    }

    [Fact]
    public async Task An_empty_directory_is_refused_and_the_message_says_where_to_write()
    {
        Directory.CreateDirectory(Path.Combine(_store.Stage(Id), "only-a-directory"));
        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("PBT_CHECKPOINT_OUT", refused.Reason, StringComparison.Ordinal);
        Assert.IsType<FetchResult.Missing>(await _store.FetchAsync(Id));
    }

    [Fact]
    public async Task A_staged_directory_that_the_trainer_removed_is_refused()
    {
        Directory.Delete(_store.Stage(Id));
        Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
    }

    [Theory]
    [InlineData("../../../../etc/passwd")]
    [InlineData("/etc/passwd")]
    public async Task A_link_that_points_outside_is_refused(string target)
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        File.CreateSymbolicLink(Path.Combine(staged, "latest"), target);
        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("latest", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_that_leads_outside_by_way_of_other_links_is_refused()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        Directory.CreateDirectory(Path.Combine(staged, "a", "b"));
        Directory.CreateDirectory(Path.Combine(staged, "s"));
        Directory.CreateSymbolicLink(Path.Combine(staged, "a", "b", "up"), "../../s");

        // Word by word this stays inside; on foot it ends two levels above.
        File.CreateSymbolicLink(Path.Combine(staged, "latest"), "a/b/up/../../../journal.jsonl");
        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("'latest' points outside", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_manifests_own_name_is_not_the_trainers_to_take(bool asLink)
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        var taken = Path.Combine(staged, CheckpointManifest.FileName);
        if (asLink)
            File.CreateSymbolicLink(taken, "weights.bin");
        else
            Directory.CreateDirectory(taken);

        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains(CheckpointManifest.FileName, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_nested_without_end_is_refused()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        Directory.CreateDirectory(Path.Combine([staged, .. Enumerable.Repeat("d", 70)]));
        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("more than 64 deep", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_checkpoint_of_too_many_files_is_refused()
    {
        var staged = _store.Stage(Id);
        for (var i = 0; i <= CheckpointInventory.MostEntries; i++)
            File.OpenHandle(Path.Combine(staged, $"{i}"), FileMode.CreateNew, FileAccess.Write).Dispose();

        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("more than 100000 files", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_link_inside_the_checkpoint_is_kept_and_a_loop_does_no_harm()
    {
        var staged = _store.Stage(Id);
        Directory.CreateDirectory(Path.Combine(staged, "step-100"));
        File.WriteAllText(Path.Combine(staged, "step-100", "weights.bin"), "hello");
        Directory.CreateSymbolicLink(Path.Combine(staged, "latest"), "step-100");
        Directory.CreateSymbolicLink(Path.Combine(staged, "step-100", "loop"), "../step-100");
        var published = Assert.IsType<PublishResult.Published>(await _store.PublishAsync(Id));
        Assert.Equal(["latest", "step-100/loop"], published.Manifest.Links.Select(static l => l.Path));
        Assert.Single(published.Manifest.Files);
    }

    [Fact]
    public async Task A_pipe_in_the_checkpoint_is_refused_rather_than_waited_for()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        using (var made = System.Diagnostics.Process.Start("mkfifo", Path.Combine(staged, "pipe")))
            await made.WaitForExitAsync();

        var refused = Assert.IsType<PublishResult.Refused>(await _store.PublishAsync(Id));
        Assert.Contains("pipe", refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Publishing_again_after_an_interruption_takes_over_the_same_files()
    {
        var staged = _store.Stage(Id);
        File.WriteAllText(Path.Combine(staged, "weights.bin"), "hello");
        File.WriteAllText(Path.Combine(staged, CheckpointManifest.FileName), "torn");
        File.WriteAllText(Path.Combine(staged, CheckpointManifest.FileName + ".tmp"), "torn");
        var published = Assert.IsType<PublishResult.Published>(await _store.PublishAsync(Id));
        Assert.Equal(["weights.bin"], published.Manifest.Files.Select(static f => f.Path));
    }

    [Fact]
    public async Task Deleting_removes_it_and_may_be_repeated()
    {
        File.WriteAllText(Path.Combine(_store.Stage(Id), "weights.bin"), "hello");
        await _store.PublishAsync(Id);
        _store.Delete(Id);
        _store.Delete(Id);
        Assert.IsType<FetchResult.Missing>(await _store.FetchAsync(Id));
        Assert.Empty(_store.List());
    }

    [Fact]
    public async Task Staging_again_starts_from_an_empty_directory()
    {
        File.WriteAllText(Path.Combine(_store.Stage(Id), "left"), "over");
        Assert.Empty(Directory.EnumerateFileSystemEntries(_store.Stage(Id)));
        _store.Discard(Id);
        Assert.Empty(_store.List());
        Assert.IsType<FetchResult.Missing>(await _store.FetchAsync(Id));
    }

    [Fact]
    public void Files_that_are_no_checkpoints_are_left_alone()
    {
        Directory.CreateDirectory(Path.Combine(_study.Directory.Checkpoints, "m0003", "mine"));
        Directory.CreateDirectory(Path.Combine(_study.Directory.Checkpoints, "notes"));
        Assert.Empty(_store.List());
    }
}

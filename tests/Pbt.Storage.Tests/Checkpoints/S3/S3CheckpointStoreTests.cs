using Amazon.S3.Model;
using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Checkpoints.S3;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Checkpoints.S3;

[NeedsS3]
public sealed class S3CheckpointStoreTests : CheckpointStoreConformance, IAsyncLifetime
{
    private const string Root = "runs/here/study-20261121T093000.0000000Z/checkpoints/";

    private readonly List<TemporaryStudy> _machines = [];
    private readonly List<S3CheckpointStore> _stores = [];
    private S3Server? _server;
    private string _bucket = string.Empty;
    private S3CheckpointStore? _store;

    protected override ICheckpointStore Store => _store!;

    public async Task InitializeAsync()
    {
        if (S3Server.Missing is not null)
            return;

        _server = await SharedS3.GetAsync();
        _bucket = await _server.CreateBucketAsync();
        _store = Open();
    }

    public Task DisposeAsync()
    {
        _stores.ForEach(static store => store.Dispose());
        _machines.ForEach(static machine => machine.Dispose());
        return Task.CompletedTask;
    }

    [S3Fact]
    public async Task Every_file_is_an_object_below_the_prefix_the_study_and_the_checkpoint()
    {
        await PublishAsync();

        Assert.Equal(
            [
                $"{Root}m0003/i000007-a000123/.pbt-manifest.json",
                $"{Root}m0003/i000007-a000123/empty",
                $"{Root}m0003/i000007-a000123/step-1/a%20b%2Bc%2520%26%C3%A9%3F%23%3C%0A%3E.bin",
                $"{Root}m0003/i000007-a000123/step-1/large.bin",
                $"{Root}m0003/i000007-a000123/step-1/weights.bin",
            ],
            (await _server!.KeysAsync(_bucket)).Order(StringComparer.Ordinal));
        Assert.Equal($"s3://{_bucket}/{Root}m0003/i000007-a000123", Store.Locate(Id));
    }

    [S3Fact]
    public async Task Without_its_manifest_a_checkpoint_is_missing_and_listed_as_unfinished()
    {
        await PublishAsync();
        await ReplaceAsync(Id, CheckpointManifest.FileName, content: null);

        Assert.IsType<FetchResult.Missing>(await Elsewhere().FetchAsync(Id));
        Assert.IsType<FetchResult.Missing>(await Store.VerifyAsync(Id));
        Assert.Equal([new StoredCheckpoint(Id, IsPublished: false)], await Elsewhere().ListAsync().ToListAsync());
        await Elsewhere().DiscardAsync(Id);
        Assert.Empty(await _server!.KeysAsync(_bucket));
    }

    [S3Fact]
    public async Task What_was_published_or_fetched_here_is_not_fetched_again()
    {
        await PublishAsync();
        var elsewhere = Elsewhere();
        Assert.IsType<FetchResult.Fetched>(await elsewhere.FetchAsync(Id));
        await EmptyAsync();

        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id));
        Assert.IsType<FetchResult.Fetched>(await elsewhere.FetchAsync(Id));
        Assert.IsType<FetchResult.Missing>(await Elsewhere().FetchAsync(Id));
        Assert.IsType<FetchResult.Missing>(await elsewhere.VerifyAsync(Id));
    }

    [S3Fact]
    public async Task A_damaged_copy_is_found_and_fetched_again()
    {
        await PublishAsync();
        var copy = Path.Combine(Store.LocalPathOf(Id), "step-1", "large.bin");
        await File.WriteAllBytesAsync(copy, new byte[Large.Length]);

        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id));
        Assert.Equal(Large, await File.ReadAllBytesAsync(copy));

        File.Delete(copy);
        Assert.IsType<FetchResult.Fetched>(await Store.FetchAsync(Id, CheckpointCheck.Sizes));
        Assert.Equal(Large, await File.ReadAllBytesAsync(copy));
    }

    [S3Fact]
    public async Task A_file_larger_than_a_part_is_sent_in_parts_and_fetched_as_one()
    {
        var weights = Enumerable.Range(0, (int)(2.5 * S3Settings.LeastPartSize)).Select(static i => (byte)(i * 31L / 7)).ToArray();
        var store = Open(static settings => settings with { PartSize = S3Settings.LeastPartSize });
        await File.WriteAllBytesAsync(Path.Combine(store.Stage(Id), "weights.bin"), weights);
        Assert.IsType<PublishResult.Published>(await store.PublishAsync(Id));

        var fetched = Assert.IsType<FetchResult.Fetched>(await Elsewhere().FetchAsync(Id));

        Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(fetched.Path, "weights.bin")));
        Assert.Contains("-3", (await _server!.Client.GetObjectMetadataAsync(_bucket, $"{Root}{Id}/weights.bin")).ETag, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task An_upload_in_parts_that_was_abandoned_is_listed_and_given_up()
    {
        await _server!.Client.InitiateMultipartUploadAsync(new InitiateMultipartUploadRequest { BucketName = _bucket, Key = $"{Root}{Id}/weights.bin" });
        Assert.Equal([new StoredCheckpoint(Id, IsPublished: false)], await Store.ListAsync().ToListAsync());

        await Store.DiscardAsync(Id);

        Assert.Empty(await Store.ListAsync().ToListAsync());
        Assert.Empty((await _server.Client.ListMultipartUploadsAsync(new ListMultipartUploadsRequest { BucketName = _bucket })).MultipartUploads ?? []);
    }

    [S3Fact]
    public async Task Studies_of_one_name_under_one_prefix_do_not_meet()
    {
        await PublishAsync();
        var spec = new Core.Studies.CheckpointStoreSpec(_bucket, "runs/here", _server!.Endpoint);
        var machine = Machine();
        using var other = new S3CheckpointStore(spec, S3Settings.Of(spec, static _ => null), "study", SharedS3.Created.AddTicks(1), machine.Directory, TimeProvider.System);

        Assert.IsType<FetchResult.Missing>(await other.FetchAsync(Id));
        Assert.Empty(await other.ListAsync().ToListAsync());
    }

    [S3Fact]
    public async Task A_path_too_long_for_the_name_of_an_object_is_refused()
    {
        var staged = Store.Stage(Id);
        var deep = Path.Combine([staged, .. Enumerable.Repeat(new string('x', 200), 5)]);
        Directory.CreateDirectory(deep);
        await File.WriteAllTextAsync(Path.Combine(deep, "weights"), "weights");

        var refused = Assert.IsType<PublishResult.Refused>(await Store.PublishAsync(Id));

        Assert.Contains("too long", refused.Reason, StringComparison.Ordinal);
        Assert.Empty(await Store.ListAsync().ToListAsync());
    }

    [S3Fact]
    public async Task A_bucket_that_is_gone_is_no_missing_checkpoint()
    {
        using var store = SharedS3.Open("no-such-bucket", _server!.Endpoint, Machine().Directory);

        var error = await Assert.ThrowsAsync<IOException>(async () => await store.FetchAsync(Id));

        Assert.Contains("no such bucket", error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-bucket", error.Message, StringComparison.Ordinal);
    }

    protected override ICheckpointStore Elsewhere() => Open();

    protected override async Task ReplaceAsync(CheckpointId id, string path, byte[]? content)
    {
        var key = $"{Root}{id}/{path}";
        if (content is null)
            await _server!.Client.DeleteObjectAsync(_bucket, key);
        else
            await _server!.Client.PutObjectAsync(new PutObjectRequest { BucketName = _bucket, Key = key, InputStream = new MemoryStream(content), UseChunkEncoding = false });
    }

    private async Task EmptyAsync()
    {
        foreach (var key in await _server!.KeysAsync(_bucket))
            await _server.Client.DeleteObjectAsync(_bucket, key);
    }

    private S3CheckpointStore Open(Func<S3Settings, S3Settings>? adjust = null)
    {
        var store = SharedS3.Open(_bucket, _server!.Endpoint, Machine().Directory, adjust);
        _stores.Add(store);
        return store;
    }

    private TemporaryStudy Machine()
    {
        var machine = new TemporaryStudy();
        _machines.Add(machine);
        return machine;
    }
}

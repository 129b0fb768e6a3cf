using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Checkpoints.S3;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Checkpoints.S3;

/// <summary>What goes wrong between a store and its server.</summary>
public sealed class S3FaultTests : IDisposable
{
    private const int Large = 4 << 20;
    private static readonly CheckpointId Id = new(new MemberId(3), 7, new AttemptId(123));

    private readonly TemporaryStudy _here = new();
    private readonly TemporaryStudy _elsewhere = new();

    public void Dispose()
    {
        _here.Dispose();
        _elsewhere.Dispose();
    }

    [S3Fact]
    public async Task A_publication_goes_on_where_it_was_when_the_server_was_killed_in_mid_upload()
    {
        const int Size = 16 << 20;
        await using var server = await S3Server.StartNewAsync();
        var bucket = await server.CreateBucketAsync();
        await using var proxy = new FaultyProxy(server.Port) { HoldAfterSent = 8 << 20 };
        using var store = SharedS3.Open(bucket, proxy.Endpoint, _here.Directory, static settings => settings with { PartSize = S3Settings.LeastPartSize, RequestsAtOnce = 1 });
        var weights = Weights(Size);
        await File.WriteAllBytesAsync(Path.Combine(store.Stage(Id), "weights"), weights);

        var publishing = store.PublishAsync(Id).AsTask();
        await proxy.Held;
        await server.KillAsync();
        proxy.Cut();
        var error = await Assert.ThrowsAsync<IOException>(() => publishing);

        Assert.Contains(bucket, error.Message, StringComparison.Ordinal);
        Assert.Contains(proxy.Endpoint, error.Message, StringComparison.Ordinal);
        await server.StartAsync();
        using (var reader = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory))
        {
            Assert.IsType<FetchResult.Missing>(await reader.FetchAsync(Id));
            var before = proxy.Sent;
            Assert.IsType<PublishResult.Published>(await store.PublishAsync(Id));
            Assert.InRange(proxy.Sent - before, 1 << 20, Size - S3Settings.LeastPartSize + (1 << 20));
            var fetched = Assert.IsType<FetchResult.Fetched>(await reader.FetchAsync(Id));
            Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(fetched.Path, "weights")));
        }
    }

    [S3Fact]
    public async Task A_publication_that_is_given_up_in_mid_upload_leaves_nothing()
    {
        var server = await SharedS3.GetAsync();
        var bucket = await server.CreateBucketAsync();
        await using var proxy = new FaultyProxy(server.Port) { HoldAfterSent = 8 << 20 };
        using var store = SharedS3.Open(bucket, proxy.Endpoint, _here.Directory, static settings => settings with { PartSize = S3Settings.LeastPartSize, RequestsAtOnce = 1 });
        var staged = store.Stage(Id);
        await File.WriteAllBytesAsync(Path.Combine(staged, "a"), Weights(1000));
        await File.WriteAllBytesAsync(Path.Combine(staged, "weights"), Weights(12 << 20));
        using var killed = new CancellationTokenSource();

        var publishing = store.PublishAsync(Id, cancellationToken: killed.Token).AsTask();
        await proxy.Held;
        await killed.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => publishing);
        proxy.Cut();

        Assert.Equal([new StoredCheckpoint(Id, IsPublished: false)], await store.ListAsync().ToListAsync());
        await store.DiscardAsync(Id);
        Assert.Empty(await store.ListAsync().ToListAsync());
        Assert.Empty(await server.KeysAsync(bucket));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(_here.Directory.Checkpoints, "m0003")));
    }

    [S3Fact]
    public async Task A_fetch_goes_on_where_the_connection_was_cut()
    {
        var (bucket, server, weights) = await PublishAsync();
        await using var proxy = new FaultyProxy(server.Port) { CutAfterReceived = Large / 2 };
        using var store = SharedS3.Open(bucket, proxy.Endpoint, _elsewhere.Directory);

        var error = await Assert.ThrowsAsync<IOException>(async () => await store.FetchAsync(Id));

        Assert.Contains("the connection was cut", error.Message, StringComparison.Ordinal);
        proxy.CutAfterReceived = long.MaxValue;
        var before = proxy.Received;
        var fetched = Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id));
        Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(fetched.Path, "weights")));
        Assert.InRange(proxy.Received - before, Large / 4, Large * 3 / 4);
    }

    [S3Fact]
    public async Task What_a_connection_spoils_once_is_read_again_and_what_stays_spoiled_is_damage()
    {
        var (bucket, server, weights) = await PublishAsync();
        await using var proxy = new FaultyProxy(server.Port) { IsSpoiled = static place => place == Large / 2 };
        using var store = SharedS3.Open(bucket, proxy.Endpoint, _elsewhere.Directory);

        var fetched = Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id));

        Assert.Equal(weights, await File.ReadAllBytesAsync(Path.Combine(fetched.Path, "weights")));
        Assert.True(proxy.Received > 2 * Large);

        proxy.IsSpoiled = static place => place % (Large / 4) == Large / 8;
        var damaged = Assert.IsType<FetchResult.Damaged>(await store.VerifyAsync(Id));
        Assert.Contains("not what was published", damaged.Reason, StringComparison.Ordinal);
    }

    [S3Fact]
    public async Task A_server_that_is_away_is_no_damage_and_what_is_here_is_still_found()
    {
        await using var server = await S3Server.StartNewAsync();
        var bucket = await server.CreateBucketAsync();
        using var store = SharedS3.Open(bucket, server.Endpoint, _here.Directory);
        using var other = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory);
        await File.WriteAllTextAsync(Path.Combine(store.Stage(Id), "weights"), "weights");
        await store.PublishAsync(Id);
        await server.KillAsync();

        Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id));
        var error = await Assert.ThrowsAsync<IOException>(async () => await other.FetchAsync(Id));
        Assert.Contains("cannot be reached", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IOException>(async () => await store.DeleteAsync(Id));
        await server.StartAsync();
        Assert.IsType<FetchResult.Fetched>(await other.FetchAsync(Id));
    }

    [S3Fact]
    public async Task A_bucket_that_cannot_be_used_is_refused_with_what_to_do()
    {
        var server = await SharedS3.GetAsync();
        using var unused = SharedS3.Open("any", server.Endpoint, _here.Directory);
        var gone = new CheckpointStoreSpec("no-such-bucket", "runs", server.Endpoint);
        var away = new CheckpointStoreSpec("any", "runs", "http://127.0.0.1:1");
        foreach (var (spec, words) in new[] { (gone, "there is no such bucket; create it"), (away, "cannot be reached") })
        {
            var error = await Assert.ThrowsAsync<InvalidRequestException>(() =>
                S3Access.RequireAsync(spec, S3Settings.Of(spec, static _ => null), TimeProvider.System, CancellationToken.None));

            Assert.Contains(words, error.Message, StringComparison.Ordinal);
            Assert.Contains(spec.Bucket, error.Message, StringComparison.Ordinal);
            Assert.Contains(spec.Endpoint!, error.Message, StringComparison.Ordinal);
            Assert.DoesNotContain(S3Server.SecretKey, error.ToString(), StringComparison.Ordinal);
        }

        var good = new CheckpointStoreSpec(await server.CreateBucketAsync(), "runs", server.Endpoint);
        await S3Access.RequireAsync(good, S3Settings.Of(good, static _ => null), TimeProvider.System, CancellationToken.None);
        Assert.Empty(await server.KeysAsync(good.Bucket));
    }

    private static byte[] Weights(int size) => [.. Enumerable.Range(0, size).Select(static i => (byte)(i * 31L / 7))];

    private async Task<(string Bucket, S3Server Server, byte[] Weights)> PublishAsync()
    {
        var server = await SharedS3.GetAsync();
        var bucket = await server.CreateBucketAsync();
        using var store = SharedS3.Open(bucket, server.Endpoint, _here.Directory);
        var weights = Weights(Large);
        await File.WriteAllBytesAsync(Path.Combine(store.Stage(Id), "weights"), weights);
        Assert.IsType<PublishResult.Published>(await store.PublishAsync(Id));
        return (bucket, server, weights);
    }
}

using System.Diagnostics;
using Pbt.Core.Population;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Checkpoints.S3;
using Pbt.Storage.Tests.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Checkpoints.S3;

public sealed class CheckpointCacheTests : IDisposable
{
    private const int Size = 1_000_000;

    private readonly TemporaryStudy _here = new();
    private readonly TemporaryStudy _elsewhere = new();
    private string? _mounted;

    public void Dispose()
    {
        if (_mounted is not null)
            Run("umount", _mounted);

        _here.Dispose();
        _elsewhere.Dispose();
    }

    [S3Fact]
    public async Task What_is_used_longest_ago_is_dropped_and_never_what_is_in_use_by_whomever()
    {
        var (bucket, server) = await PublishAsync(4);
        using var store = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory, static settings => settings with { CacheSize = (int)(2.5 * Size) });
        using var neighbour = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory, static settings => settings with { CacheSize = (int)(2.5 * Size) });
        await neighbour.FetchAsync(Id(0));
        foreach (var number in (int[])[1, 2])
        {
            Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id(number)));
            store.Release(Id(number));
        }

        Assert.Equal([true, false, true, false], Here(store));
        neighbour.Release(Id(0));
        await store.FetchAsync(Id(3));
        Assert.Equal([false, false, true, true], Here(store));
        Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id(1)));
        Assert.Equal([false, true, false, true], Here(store));
    }

    [S3Fact]
    public async Task Many_who_want_the_same_at_once_get_it_by_one_transfer()
    {
        var (bucket, server) = await PublishAsync(1);
        await using var proxy = new FaultyProxy(server.Port);
        var stores = Enumerable.Range(0, 4).Select(_ => SharedS3.Open(bucket, proxy.Endpoint, _elsewhere.Directory)).ToList();

        var found = await Task.WhenAll(stores.Select(static async store => await store.FetchAsync(Id(0))));

        Assert.All(found, static result => Assert.IsType<FetchResult.Fetched>(result));
        Assert.InRange(proxy.Received, Size, 2 * Size);
        stores.ForEach(static store => store.Dispose());
    }

    [S3Fact]
    public async Task The_cache_may_be_elsewhere_and_studies_share_its_directory_but_nothing_in_it()
    {
        var (bucket, server) = await PublishAsync(1);
        var cache = Path.Combine(_here.Directory.Root, "cache");
        using var store = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory, settings => settings with { Cache = cache });

        var fetched = Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id(0)));

        Assert.StartsWith(Path.Combine(cache, "study-20261121T093000.0000000Z"), fetched.Path, StringComparison.Ordinal);
        Assert.False(Directory.Exists(_elsewhere.Directory.Checkpoints));
    }

    [S3MountFact]
    public async Task A_full_disk_drops_what_is_not_in_use_and_the_next_try_succeeds()
    {
        var (bucket, server) = await PublishAsync(3);
        _mounted = Directory.CreateDirectory(Path.Combine(_elsewhere.Directory.Root, "disk")).FullName;
        Run("mount", "-t", "tmpfs", "-o", "size=2500k", "pbt-test", _mounted);
        using var store = SharedS3.Open(bucket, server.Endpoint, _elsewhere.Directory, settings => settings with { Cache = _mounted });
        await store.FetchAsync(Id(0));
        store.Release(Id(0));
        await store.FetchAsync(Id(1));

        var error = await Assert.ThrowsAsync<IOException>(async () => await store.FetchAsync(Id(2)));

        Assert.Contains("space", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.IsType<FetchResult.Fetched>(await store.FetchAsync(Id(2)));
        Assert.Equal([false, true, true], Here(store, count: 3));
    }

    /// <summary>A test that needs an S3-compatible server and a small disk.</summary>
    [AttributeUsage(AttributeTargets.Method)]
    private sealed class S3MountFactAttribute : FactAttribute
    {
        public S3MountFactAttribute() => Skip = S3Server.Missing ?? new MountFactAttribute().Skip;
    }

    private static CheckpointId Id(int number) => new(new MemberId(number), 1, new AttemptId(number + 1));

    private static IEnumerable<bool> Here(S3CheckpointStore store, int count = 4) => Enumerable.Range(0, count).Select(number => Directory.Exists(store.LocalPathOf(Id(number))));

    private static void Run(params string[] command)
    {
        using var process = Process.Start(command[0], command[1..]);
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    private async Task<(string Bucket, S3Server Server)> PublishAsync(int count)
    {
        var server = await SharedS3.GetAsync();
        var bucket = await server.CreateBucketAsync();
        using var store = SharedS3.Open(bucket, server.Endpoint, _here.Directory);
        foreach (var number in Enumerable.Range(0, count))
        {
            await File.WriteAllBytesAsync(Path.Combine(store.Stage(Id(number)), "weights"), new byte[Size]);
            Assert.IsType<PublishResult.Published>(await store.PublishAsync(Id(number)));
        }

        return (bucket, server);
    }
}

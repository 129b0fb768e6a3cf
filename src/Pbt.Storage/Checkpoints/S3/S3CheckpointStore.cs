using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>Checkpoints in a bucket of an S3-compatible store, and those that this machine uses in a cache.</summary>
/// <remarks>
/// An attempt writes to the cache's directory, from where its files are sent, the manifest last: a checkpoint without a manifest is not seen. To
/// delete one the manifest goes first. What was published or fetched stays in the cache for a while, so that a member that goes on here costs no
/// request. Disposing it ends its connections and lets the cache drop what was fetched.
/// </remarks>
public sealed class S3CheckpointStore : ICheckpointStore, IDisposable
{
    private const int NoSpaceLeft = 28;
    private const int QuotaExceeded = 122;

    private readonly S3Bucket _bucket;
    private readonly S3Layout _layout;
    private readonly CheckpointCache _cache;
    private readonly SemaphoreSlim _requests;
    private readonly ConcurrentDictionary<CheckpointId, bool> _own = new();
    private readonly ConcurrentDictionary<CheckpointId, S3Upload> _uploads = new();

    /// <summary>Opens the store of a study; makes no request.</summary>
    /// <param name="spec">Where the study's checkpoints are.</param>
    /// <param name="settings">How this machine reaches them.</param>
    /// <param name="study">The study's name.</param>
    /// <param name="created">When the study was created.</param>
    /// <param name="directory">The study's directory on this machine, which has the cache unless the settings name another.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">The settings do not say enough to connect.</exception>
    public S3CheckpointStore(CheckpointStoreSpec spec, S3Settings settings, string study, DateTimeOffset created, StudyDirectory directory, TimeProvider time)
    {
        _bucket = new S3Bucket(settings, time);
        _layout = new S3Layout(spec, study, created);
        _requests = new SemaphoreSlim(settings.RequestsAtOnce);
        var place = settings.Cache is { } cache ? new StudyDirectory(Path.Combine(cache, _layout.Root.Split('/')[^3])) : directory;
        _cache = new CheckpointCache(place, settings.CacheSize, time);
    }

    /// <inheritdoc/>
    public string Stage(CheckpointId id)
    {
        _own[id] = true;
        return _cache.Local.Stage(id);
    }

    /// <inheritdoc/>
    public async ValueTask<PublishResult> PublishAsync(CheckpointId id, bool isDurable = true, CancellationToken cancellationToken = default)
    {
        if (!_uploads.TryGetValue(id, out var upload))
        {
            _cache.BeginUpload(id);
            switch (await _cache.Local.PublishAsync(id, isDurable: false, cancellationToken))
            {
                case PublishResult.Refused refused:
                    _cache.EndUpload(id);
                    return await IsPublishedAsync(id, cancellationToken) is { } already ? new PublishResult.Published(already) : refused;
                case PublishResult.Published { Manifest: var made }:
                    if (TooLong(id, made) is { } path)
                    {
                        _cache.Forget(id);
                        return new PublishResult.Refused($"the path '{path}' in the checkpoint is too long for the name of an object, which has at most {S3Layout.LongestKey} bytes: shorten it");
                    }

                    upload = _uploads.GetOrAdd(id, _ => new S3Upload(_bucket, _layout.PrefixOf(id), _cache.Local.LocalPathOf(id), made, _requests));
                    break;
                default:
                    throw new NotSupportedException();
            }
        }

        await upload.RunAsync(cancellationToken);
        _cache.EndUpload(id);
        _uploads.TryRemove(id, out _);

        // What is published is never discarded.
        _own.TryRemove(id, out _);
        await TrimAsync(cancellationToken);
        return new PublishResult.Published(upload.Manifest);
    }

    /// <inheritdoc/>
    public async ValueTask DiscardAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        _uploads.TryRemove(id, out _);
        _cache.Local.Discard(id);

        // What this process has staged and not begun to send has left nothing elsewhere.
        if (_own.ContainsKey(id) && !_cache.IsUploading(id))
        {
            _own.TryRemove(id, out _);
            return;
        }

        var (names, hasManifest) = await NamesAsync(id, cancellationToken);
        if (!hasManifest)
        {
            await AbortAsync(id, cancellationToken);
            await DeleteAsync(names, cancellationToken);
            _cache.Forget(id);
        }

        _cache.EndUpload(id);
        _own.TryRemove(id, out _);
    }

    /// <inheritdoc/>
    public async ValueTask<FetchResult> FetchAsync(CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
    {
        await _cache.HoldAsync(id, cancellationToken);
        FetchResult? found = null;
        try
        {
            found = await HereAsync(id, check, cancellationToken) ?? await BringAsync(id, check, cancellationToken);
            return found;
        }
        finally
        {
            if (found is not FetchResult.Fetched)
                _cache.Release(id);
        }
    }

    /// <inheritdoc/>
    public void Release(CheckpointId id) => _cache.Release(id);

    /// <inheritdoc/>
    public async ValueTask<FetchResult> VerifyAsync(
        CheckpointId id, CheckpointCheck check = CheckpointCheck.Digests, CancellationToken cancellationToken = default)
    {
        var download = new S3Download(_bucket, _layout.PrefixOf(id), _requests);
        var (manifest, damage) = await download.ReadManifestAsync(cancellationToken);
        if (manifest is not null)
            damage = check == CheckpointCheck.Digests ? await download.CompareAsync(manifest, cancellationToken) : await download.CompareSizesAsync(manifest, cancellationToken);

        return damage is not null ? new FetchResult.Damaged(damage)
            : manifest is not null ? new FetchResult.Fetched(LocalPathOf(id))
            : new FetchResult.Missing();
    }

    /// <inheritdoc/>
    public string Locate(CheckpointId id) => $"{CheckpointStoreSpec.Scheme}{_bucket.Settings.Bucket}/{_layout.PrefixOf(id).TrimEnd('/')}";

    /// <inheritdoc/>
    public string LocalPathOf(CheckpointId id) => _cache.Local.LocalPathOf(id);

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(CheckpointId id, CancellationToken cancellationToken = default)
    {
        var (names, hasManifest) = await NamesAsync(id, cancellationToken);
        if (hasManifest)
            await _bucket.DeleteAsync(_layout.ManifestOf(id), cancellationToken);
        else
            await AbortAsync(id, cancellationToken);

        await DeleteAsync(names, cancellationToken);
        _cache.Forget(id);
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<StoredCheckpoint> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var published = new HashSet<CheckpointId>();
        var staged = _cache.Local.List().Where(found => !found.IsPublished || _cache.IsUploading(found.Id)).Select(static found => found.Id).ToHashSet();
        await foreach (var entry in _bucket.ListAsync(_layout.Root, cancellationToken))
        {
            if (_layout.Parse(entry.Key) is var (id, name))
                (name is CheckpointManifest.FileName ? published : staged).Add(id);
        }

        foreach (var (key, _) in await _bucket.UploadsAsync(_layout.Root, cancellationToken))
        {
            if (_layout.Parse(key) is var (id, _))
                staged.Add(id);
        }

        foreach (var id in published)
            yield return new StoredCheckpoint(id, IsPublished: true);

        foreach (var id in staged.Where(id => !published.Contains(id)))
            yield return new StoredCheckpoint(id, IsPublished: false);

        // A copy of what others have deleted.
        foreach (var found in _cache.Local.List().Where(found => found.IsPublished && !published.Contains(found.Id) && !staged.Contains(found.Id)))
            yield return found;
    }

    /// <inheritdoc/>
    public async ValueTask<long> SizeAsync(StoredCheckpoint found, CancellationToken cancellationToken = default)
    {
        var bytes = 0L;
        await foreach (var entry in _bucket.ListAsync(_layout.PrefixOf(found.Id), cancellationToken))
            bytes += entry.Size;

        return bytes > 0 ? bytes : _cache.Local.SizeOf(found);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cache.Dispose();
        _bucket.Dispose();
        _requests.Dispose();
    }

    /// <summary>What the cache has, if it is whole; null if it must be brought anew.</summary>
    private async ValueTask<FetchResult?> HereAsync(CheckpointId id, CheckpointCheck check, CancellationToken cancellationToken)
    {
        try
        {
            return _cache.IsUploading(id) ? null : await _cache.Local.FetchAsync(id, check, cancellationToken) as FetchResult.Fetched;
        }
        catch (UnreadableCheckpointException)
        {
            return null;
        }
    }

    private async ValueTask<FetchResult> BringAsync(CheckpointId id, CheckpointCheck check, CancellationToken cancellationToken)
    {
        using var alone = await _cache.LockAsync(id, cancellationToken);
        if (await HereAsync(id, check, cancellationToken) is { } brought)
            return brought;

        var download = new S3Download(_bucket, _layout.PrefixOf(id), _requests);
        var (manifest, damage) = await download.ReadManifestAsync(cancellationToken);
        if (manifest is null)
            return damage is null ? new FetchResult.Missing() : new FetchResult.Damaged(damage);

        try
        {
            var part = _cache.PartOf(id);
            Directory.CreateDirectory(part);
            damage = await download.BringAsync(manifest, part, cancellationToken);
            if (damage is not null)
                return new FetchResult.Damaged(damage);

            DurableFile.Write(Path.Combine(part, CheckpointManifest.FileName), manifest.ToJson());
            _cache.Take(id);
        }
        catch (IOException error) when (error.HResult is NoSpaceLeft or QuotaExceeded)
        {
            await _cache.TrimAsync(all: true, cancellationToken);
            throw;
        }

        await TrimAsync(cancellationToken);

        // The links that the manifest has are looked at here; the digests have been.
        return await _cache.Local.FetchAsync(id, CheckpointCheck.Sizes, cancellationToken);
    }

    private async ValueTask TrimAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _cache.TrimAsync(all: false, cancellationToken);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // What could not be dropped is dropped by the next.
        }
    }

    private async Task<CheckpointManifest?> IsPublishedAsync(CheckpointId id, CancellationToken cancellationToken) =>
        (await new S3Download(_bucket, _layout.PrefixOf(id), _requests).ReadManifestAsync(cancellationToken)).Manifest;

    private string? TooLong(CheckpointId id, CheckpointManifest manifest) => manifest.Files
        .Select(static file => file.Path).FirstOrDefault(path => S3Layout.KeyOf(_layout.PrefixOf(id), path).Length > S3Layout.LongestKey);

    /// <summary>The names of a checkpoint's objects, and whether its manifest is one of them.</summary>
    private async Task<(List<string> Names, bool HasManifest)> NamesAsync(CheckpointId id, CancellationToken cancellationToken)
    {
        var names = await _bucket.ListAsync(_layout.PrefixOf(id), cancellationToken).Select(static entry => entry.Key).ToListAsync(cancellationToken);
        return (names, names.Remove(_layout.ManifestOf(id)));
    }

    private Task DeleteAsync(List<string> names, CancellationToken cancellationToken) => Parallel.ForEachAsync(
        names,
        new ParallelOptions { MaxDegreeOfParallelism = _bucket.Settings.RequestsAtOnce, CancellationToken = cancellationToken },
        async (name, cancelled) => await _bucket.DeleteAsync(name, cancelled));

    private async Task AbortAsync(CheckpointId id, CancellationToken cancellationToken)
    {
        foreach (var (key, upload) in await _bucket.UploadsAsync(_layout.PrefixOf(id), cancellationToken))
            await _bucket.AbortAsync(key, upload, cancellationToken);
    }
}

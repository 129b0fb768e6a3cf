using System.Security.Cryptography;
using System.Text;
using Pbt.Core.Studies;
using Pbt.Storage.FileSystem;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>A checkpoint in a bucket that a study starts from and that is not its own: one that another study published.</summary>
public static class S3GivenCheckpoint
{
    /// <summary>Brings it here, unless it is here already; it stays as long as the directory.</summary>
    /// <param name="address">Where it is: <c>s3://bucket/…/m0003/i000007-a000123</c>.</param>
    /// <param name="endpoint">The server that the study's spec names; null if it names none.</param>
    /// <param name="region">The region that the study's spec names; null if it names none.</param>
    /// <param name="directory">The study's directory on this machine.</param>
    /// <param name="check">How closely a copy that is here is looked at.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="InvalidRequestException">The address is none, or the environment does not say enough to connect.</exception>
    /// <exception cref="IOException">It could not be read just now.</exception>
    public static async Task<FetchResult> FetchAsync(
        string address, string? endpoint, string? region, StudyDirectory directory, CheckpointCheck check, TimeProvider time, CancellationToken cancellationToken)
    {
        var rest = address[CheckpointStoreSpec.Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        if (slash < 1 || slash == rest.Length - 1 || rest.Contains('@', StringComparison.Ordinal))
            throw new InvalidRequestException("initial: an address of a checkpoint is like s3://BUCKET/…/m0003/i000007-a000123, without credentials");

        var settings = S3Settings.Of(rest[..slash], endpoint, region);
        var place = settings.Cache is { } cache ? new StudyDirectory(cache) : directory;
        var given = Path.Combine(place.Checkpoints, ".given");
        StudyTree.Make(place, given);
        var here = Path.Combine(given, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(address)).AsSpan(0, 8)));
        using var alone = await FileLock.TakeAsync(here + ".lock", time, cancellationToken);
        if (await CheckpointVerification.CheckAsync(here, check, cancellationToken) is FetchResult.Fetched found)
            return found;

        using var bucket = new S3Bucket(settings, time);
        using var requests = new SemaphoreSlim(settings.RequestsAtOnce);
        var download = new S3Download(bucket, rest[(slash + 1)..].TrimEnd('/') + "/", requests);
        var (manifest, damage) = await download.ReadManifestAsync(cancellationToken);
        if (manifest is null)
            return damage is null ? new FetchResult.Missing() : new FetchResult.Damaged(damage);

        Directory.CreateDirectory(here + ".part");
        damage = await download.BringAsync(manifest, here + ".part", cancellationToken);
        if (damage is not null)
            return new FetchResult.Damaged(damage);

        DurableFile.Write(Path.Combine(here + ".part", CheckpointManifest.FileName), manifest.ToJson());
        StudyTree.Delete(here);
        Directory.Move(here + ".part", here);
        return await CheckpointVerification.CheckAsync(here, CheckpointCheck.Sizes, cancellationToken);
    }
}

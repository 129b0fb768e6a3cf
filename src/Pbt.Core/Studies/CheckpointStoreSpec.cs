namespace Pbt.Core.Studies;

/// <summary>An S3-compatible store that has a study's checkpoints.</summary>
/// <remarks>It names no credentials: those are found on each machine by whoever connects.</remarks>
/// <param name="Bucket">The bucket.</param>
/// <param name="Prefix">What the names of the study's objects begin with, without slashes at its ends; empty for nothing.</param>
/// <param name="Endpoint">The server's address, <c>http</c> or <c>https</c>; null for AWS's in the region.</param>
/// <param name="Region">The region; null for what each machine is set to.</param>
public sealed record CheckpointStoreSpec(string Bucket, string Prefix, string? Endpoint = null, string? Region = null)
{
    /// <summary>What an address begins with.</summary>
    public const string Scheme = "s3://";

    /// <summary>The address as in the spec: <c>s3://bucket/prefix</c>.</summary>
    public string Address => Prefix.Length > 0 ? $"{Scheme}{Bucket}/{Prefix}" : Scheme + Bucket;

    /// <summary>Whether a text is meant as an address in such a store rather than as a path.</summary>
    public static bool IsAddress(string text) => text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase);
}

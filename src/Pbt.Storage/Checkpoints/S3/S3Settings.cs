using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>How this machine reaches an S3-compatible store, and what it keeps of it.</summary>
/// <remarks>Immutable. No credentials: the SDK finds them where it always does when a connection is made.</remarks>
public sealed record S3Settings
{
    /// <summary>Names another way to the server on this machine than the spec does.</summary>
    public const string EndpointVariable = "PBT_S3_ENDPOINT";

    /// <summary>Names the size of the parts that large files are sent in.</summary>
    public const string PartSizeVariable = "PBT_S3_PART_SIZE";

    /// <summary>Names the directory of the cache.</summary>
    public const string CacheVariable = "PBT_CHECKPOINT_CACHE";

    /// <summary>Names the most bytes that the cache keeps.</summary>
    public const string CacheSizeVariable = "PBT_CHECKPOINT_CACHE_SIZE";

    /// <summary>The least size of a part, by the protocol: 5 MiB.</summary>
    public const long LeastPartSize = 5 << 20;

    private const long LargestPartSize = 1 << 30;

    /// <summary>The bucket.</summary>
    public required string Bucket { get; init; }

    /// <summary>The server's address; null for AWS's in the region.</summary>
    public string? Endpoint { get; init; }

    /// <summary>The region; null for what the SDK finds.</summary>
    public string? Region { get; init; }

    /// <summary>Files longer than this are sent in parts of this size. Default 16 MiB.</summary>
    public long PartSize { get; init; } = 16 << 20;

    /// <summary>Requests with content at a time; each holds a part in memory. Default 4.</summary>
    public int RequestsAtOnce { get; init; } = 4;

    /// <summary>The directory of the cache; null for the study's own.</summary>
    public string? Cache { get; init; }

    /// <summary>The bytes of checkpoints that the cache keeps, besides those in use. Default 32 GiB.</summary>
    public long CacheSize { get; init; } = 32L << 30;

    /// <summary>The server in words.</summary>
    public string Server => Endpoint ?? (Region is null ? "AWS S3" : $"AWS S3 in {Region}");

    /// <summary>What a spec and this machine's environment say together.</summary>
    /// <param name="spec">Where the checkpoints are.</param>
    /// <param name="environment">Looks up an environment variable; null for the process's own.</param>
    /// <exception cref="InvalidRequestException">A variable has no valid value.</exception>
    public static S3Settings Of(CheckpointStoreSpec spec, Func<string, string?>? environment = null) =>
        Of(spec.Bucket, spec.Endpoint, spec.Region, environment);

    /// <summary>What this machine's environment says of a bucket.</summary>
    /// <exception cref="InvalidRequestException">A variable has no valid value.</exception>
    public static S3Settings Of(string bucket, string? endpoint, string? region, Func<string, string?>? environment = null)
    {
        environment ??= Environment.GetEnvironmentVariable;
        string? Find(string name) => environment(name) is { Length: > 0 } value ? value : null;
        var standard = new S3Settings { Bucket = bucket };
        return standard with
        {
            Endpoint = ServerOf(EndpointVariable, Find(EndpointVariable)) ?? endpoint
                ?? ServerOf("AWS_ENDPOINT_URL_S3", Find("AWS_ENDPOINT_URL_S3")) ?? ServerOf("AWS_ENDPOINT_URL", Find("AWS_ENDPOINT_URL")),
            Region = region ?? Find("AWS_REGION") ?? Find("AWS_DEFAULT_REGION"),
            PartSize = Size(PartSizeVariable, Find(PartSizeVariable), LeastPartSize, LargestPartSize) ?? standard.PartSize,
            Cache = Find(CacheVariable) is { } path ? Path.GetFullPath(path) : null,
            CacheSize = Size(CacheSizeVariable, Find(CacheSizeVariable), 0, long.MaxValue) ?? standard.CacheSize,
        };
    }

    private static string? ServerOf(string name, string? value)
    {
        if (value is null)
            return null;

        // The text is not repeated: whoever puts a password into it has it in no log.
        return Uri.TryCreate(value, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" && address is { Host.Length: > 0, UserInfo.Length: 0 }
            ? address.GetLeftPart(UriPartial.Authority)
            : throw new InvalidRequestException($"the environment's {name} is no server's address: it is like https://s3.example.org:9000, without credentials");
    }

    private static long? Size(string name, string? value, long least, long most)
    {
        if (value is null)
            return null;

        return ByteSize(value) is { } size && size >= least && size <= most
            ? size
            : throw new InvalidRequestException($"the environment's {name} is '{value}'; it is a number of bytes, or one with KiB, MiB, GiB or TiB, such as 64MiB{(least > 0 ? $", from {least >> 20}MiB to {most >> 20}MiB" : string.Empty)}");
    }

    private static long? ByteSize(string text)
    {
        var units = new (string Name, int Shift)[] { ("KiB", 10), ("MiB", 20), ("GiB", 30), ("TiB", 40) };
        var (name, shift) = Array.Find(units, unit => text.EndsWith(unit.Name, StringComparison.OrdinalIgnoreCase));
        var digits = name is null ? text : text[..^name.Length].TrimEnd();
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= long.MaxValue >> shift ? number << shift : null;
    }
}

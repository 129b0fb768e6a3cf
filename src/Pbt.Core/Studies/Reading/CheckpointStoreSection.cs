using System.Text.RegularExpressions;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads the keys of <c>checkpoints</c> that say where checkpoints are.</summary>
internal static partial class CheckpointStoreSection
{
    private const string Example = "s3://BUCKET/PREFIX";
    private const string Credentials =
        "credentials do not belong in a spec, which anybody may read: leave them out, and set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE, where workers start";

    /// <summary>Reads them; null if the checkpoints are in the study's directory.</summary>
    public static CheckpointStoreSpec? Read(SectionReader section)
    {
        var endpoint = section.Value("endpoint") is { } address ? Endpoint(address) : null;
        var region = section.Value("region") is { } named ? Region(named) : null;
        if (section.Value("store") is { } store)
            return Store(store) is var (bucket, prefix) ? new(bucket, prefix, endpoint, region) : null;

        foreach (var key in (string[])["endpoint", "region"])
        {
            if (section.Has(key))
                section.FailKey(key, $"it goes with store: {Example}; without a store the checkpoints are in the study's directory");
        }

        return null;
    }

    private static (string Bucket, string Prefix)? Store(SpecValue value)
    {
        if (value.Text() is not { } text)
            return null;

        if (!CheckpointStoreSpec.IsAddress(text))
            return Fail(value, $"a store's address is like {Example}; to keep checkpoints in the study's directory leave store out");

        var rest = text[CheckpointStoreSpec.Scheme.Length..];
        var slash = rest.IndexOf('/', StringComparison.Ordinal);
        var bucket = slash < 0 ? rest : rest[..slash];
        if (bucket.Contains('@', StringComparison.Ordinal))
            return Fail(value, Credentials);

        if (!BucketName().IsMatch(bucket))
            return Fail(value, $"the bucket's name is no such name: 3 to 63 lower-case letters, digits, '.' and '-', a letter or digit at its ends; an address is like {Example}");

        var prefix = slash < 0 ? string.Empty : rest[(slash + 1)..].Trim('/');
        if (prefix.Length > 0 && (!PrefixText().IsMatch(prefix) || prefix.Split('/').Any(static part => part is "" or "." or "..")))
            return Fail(value, "the prefix is made of letters, digits, and ._-=+ between single slashes, 300 at most");

        return (bucket, prefix);
    }

    private static (string Bucket, string Prefix)? Fail(SpecValue value, string problem)
    {
        value.Fail(problem);
        return null;
    }

    private static string? Endpoint(SpecValue value)
    {
        if (value.Text() is not { } text)
            return null;

        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https") || address.Host.Length == 0)
        {
            value.Fail("an endpoint is like https://s3.example.org:9000");
            return null;
        }

        if (address.UserInfo.Length > 0)
        {
            value.Fail(Credentials);
            return null;
        }

        if (address.AbsolutePath is not "/" || address.Query.Length > 0 || address.Fragment.Length > 0)
        {
            value.Fail($"an endpoint is a server only, like https://s3.example.org:9000; bucket and prefix go into store: {Example}");
            return null;
        }

        return address.GetLeftPart(UriPartial.Authority);
    }

    private static string? Region(SpecValue value)
    {
        if (value.Text() is not { } text || RegionName().IsMatch(text))
            return value.Text();

        value.Fail("a region is like eu-central-1");
        return null;
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BucketName();

    [GeneratedRegex("^[A-Za-z0-9._=+/-]{1,300}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PrefixText();

    [GeneratedRegex("^[A-Za-z0-9-]{1,50}$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex RegionName();
}

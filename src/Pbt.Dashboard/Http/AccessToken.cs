using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace Pbt.Dashboard.Http;

/// <summary>The secret by which whoever started the dashboard is known.</summary>
/// <remarks>Immutable. It is never written to disk, and lasts as long as the process.</remarks>
public sealed class AccessToken
{
    /// <summary>The header of requests that carry it.</summary>
    public const string Header = "X-Pbt-Token";

    private const string Bearer = "Bearer ";
    private const int Bytes = 32;

    private readonly byte[] _digest;

    private AccessToken(string text)
    {
        Text = text;
        _digest = Digest(text);
    }

    /// <summary>The secret itself: letters, digits, <c>-</c> and <c>_</c>.</summary>
    public string Text { get; }

    /// <summary>What a request carries as the secret, in the header of its own or as <c>Authorization: Bearer</c>; null if nothing.</summary>
    public static string? In(IHeaderDictionary headers)
    {
        if (headers.TryGetValue(Header, out var own))
            return own.ToString();

        return headers.Authorization.ToString() is { } given && given.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? given[Bearer.Length..] : null;
    }

    /// <summary>Makes a new one of 256 random bits.</summary>
    public static AccessToken Create() => new(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes)));

    /// <summary>Whether a text is the secret; takes as long whatever the text is.</summary>
    public bool Is(string? text) => CryptographicOperations.FixedTimeEquals(_digest, Digest(text ?? string.Empty));

    // Digests are compared, so that nothing tells the length either.
    private static byte[] Digest(string text) => SHA256.HashData(Encoding.UTF8.GetBytes(text));
}

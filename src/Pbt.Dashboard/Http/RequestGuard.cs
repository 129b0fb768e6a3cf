using System.Net;

namespace Pbt.Dashboard.Http;

/// <summary>What a request says of itself.</summary>
/// <param name="Method">GET, POST, …</param>
/// <param name="Path">The path, without the query.</param>
/// <param name="Host">The header of this name.</param>
/// <param name="Origin">The header of this name, or null.</param>
/// <param name="FetchSite">The header <c>Sec-Fetch-Site</c>, or null.</param>
/// <param name="Token">What it carries as the token, or null.</param>
internal sealed record RequestFacts(string Method, string Path, string Host, string? Origin, string? FetchSite, string? Token);

/// <summary>Why a request is not answered.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Reason">In words.</param>
internal sealed record Refusal(int Status, string Reason);

/// <summary>Decides which requests are answered.</summary>
/// <remarks>
/// <para>
/// A page of another site can make the user's browser send requests here, and by DNS rebinding under a name of its own. So the
/// name by which the server is addressed must be one of this machine's loopback, the request must come from the server's own page,
/// and what changes a study, or is asked from beyond loopback, must carry the token in a header, which no other site's page can set.
/// </para>
/// <para>Pure and stateless: thread-safe.</para>
/// </remarks>
/// <param name="token">The secret.</param>
/// <param name="isLoopback">Whether the server listens on loopback only.</param>
internal sealed class RequestGuard(AccessToken token, bool isLoopback)
{
    /// <summary>Where a Prometheus server finds what is measured.</summary>
    public const string Metrics = "/metrics";

    private const string Data = "/api/";

    /// <summary>Why the request is refused; null if it is answered.</summary>
    public Refusal? Check(RequestFacts request)
    {
        if (isLoopback && !IsLoopback(request.Host))
            return new(StatusCodes.Forbidden, $"this server answers to localhost and 127.0.0.1 only, not to '{request.Host}'");

        if (request.Origin is { } origin && !IsOwn(origin, request.Host))
            return new(StatusCodes.Forbidden, "requests from pages of other sites are refused");

        if (!IsData(request.Path))
            return request.Method is "GET" or "HEAD" ? null : new(StatusCodes.WrongMethod, "only GET is answered here");

        if (request.FetchSite is not (null or "same-origin" or "none"))
            return new(StatusCodes.Forbidden, "requests from pages of other sites are refused");

        var needsToken = request.Method is not "GET" || !isLoopback;
        if (needsToken && !token.Is(request.Token))
        {
            return new(StatusCodes.Unauthorized, request.Token is null
                ? "this needs the token: open the address that `pbt dashboard` printed"
                : "the token is not that of this server: open the address that `pbt dashboard` printed last");
        }

        return null;
    }

    /// <summary>Whether requests with this token may change studies.</summary>
    public bool MayControl(string? given) => token.Is(given);

    /// <summary>Whether requests with this token may read studies.</summary>
    public bool MayRead(string? given) => isLoopback || token.Is(given);

    private static bool IsData(string path) =>
        path.StartsWith(Data, StringComparison.Ordinal) || path.TrimEnd('/').Equals(Metrics, StringComparison.OrdinalIgnoreCase);

    private static bool IsLoopback(string host)
    {
        var name = NameOf(host);
        return name.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(name, out var address) && IPAddress.IsLoopback(address));
    }

    /// <summary>The name in <c>name:port</c>; an IPv6 address without its brackets.</summary>
    private static string NameOf(string host)
    {
        if (host.StartsWith('['))
            return host.IndexOf(']', StringComparison.Ordinal) is var end and > 0 ? host[1..end] : host;

        var colon = host.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? host : host[..colon];
    }

    private static bool IsOwn(string origin, string host) => origin.Equals($"http://{host}", StringComparison.OrdinalIgnoreCase);

    private static class StatusCodes
    {
        public const int Unauthorized = 401;
        public const int Forbidden = 403;
        public const int WrongMethod = 405;
    }
}

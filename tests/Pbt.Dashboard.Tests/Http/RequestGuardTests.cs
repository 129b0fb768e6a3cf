using Pbt.Dashboard.Http;

namespace Pbt.Dashboard.Tests.Http;

public sealed class RequestGuardTests
{
    private static readonly AccessToken Token = AccessToken.Create();
    private static readonly RequestFacts Read = new("GET", "/api/stream", "127.0.0.1:8080", Origin: null, FetchSite: "same-origin", Token: null);

    [Theory]
    [InlineData("127.0.0.1:8080")]
    [InlineData("localhost")]
    [InlineData("LOCALHOST:1")]
    [InlineData("[::1]:8080")]
    public void Loopback_may_be_read_under_its_own_names(string host) => Assert.Null(Check(Read with { Host = host }));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("evil.example:8080")]
    [InlineData("localhost.evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    [InlineData("10.0.0.1:8080")]
    [InlineData("")]
    public void Under_another_name_nothing_is_answered(string host)
    {
        Assert.Equal(403, Check(Read with { Host = host })?.Status);
        Assert.Equal(403, Check(Read with { Host = host, Path = "/" })?.Status);
    }

    [Theory]
    [InlineData("http://evil.example", null)]
    [InlineData("null", null)]
    [InlineData("https://127.0.0.1:8080", null)]
    [InlineData("http://127.0.0.1:9999", null)]
    [InlineData(null, "cross-site")]
    [InlineData(null, "same-site")]
    public void Pages_of_other_sites_are_refused_even_with_the_token(string? origin, string? site) =>
        Assert.Equal(403, Check(Read with { Origin = origin, FetchSite = site, Token = Token.Text, Method = "POST", Path = "/api/studies/0/stop" })?.Status);

    [Fact]
    public void What_changes_a_study_needs_the_token()
    {
        var stop = Read with { Method = "POST", Path = "/api/studies/0/stop", Origin = "http://127.0.0.1:8080" };
        Assert.Equal(401, Check(stop)?.Status);
        Assert.Equal(401, Check(stop with { Token = string.Empty })?.Status);
        Assert.Equal(401, Check(stop with { Token = Token.Text[..^1] })?.Status);
        Assert.Equal(401, Check(stop with { Token = AccessToken.Create().Text })?.Status);
        Assert.Null(Check(stop with { Token = Token.Text }));
    }

    [Fact]
    public void From_other_machines_reading_needs_the_token_too_and_the_empty_page_does_not()
    {
        var guard = new RequestGuard(Token, isLoopback: false);
        Assert.Equal(401, guard.Check(Read with { Host = "node7:8080" })?.Status);
        Assert.Null(guard.Check(Read with { Host = "node7:8080", Token = Token.Text }));
        Assert.Null(guard.Check(Read with { Host = "node7:8080", Path = "/page.js" }));
        Assert.Equal(403, guard.Check(Read with { Host = "node7:8080", Token = Token.Text, Origin = "http://evil.example" })?.Status);
    }

    [Fact]
    public void The_page_may_be_opened_from_a_link_and_only_read()
    {
        Assert.Null(Check(Read with { Path = "/", FetchSite = "cross-site" }));
        Assert.Equal(405, Check(Read with { Path = "/", Method = "POST", FetchSite = null })?.Status);
    }

    [Fact]
    public void No_two_tokens_are_alike_and_each_has_256_bits()
    {
        Assert.NotEqual(AccessToken.Create().Text, AccessToken.Create().Text);
        Assert.Equal(43, Token.Text.Length);
        Assert.True(Token.Is(Token.Text));
        Assert.False(Token.Is(null));
    }

    private static Refusal? Check(RequestFacts request) => new RequestGuard(Token, isLoopback: true).Check(request);
}

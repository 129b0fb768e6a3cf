using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Pbt.Core.Studies;
using Pbt.Dashboard.Live;
using Pbt.Dashboard.Pages;

namespace Pbt.Dashboard.Http;

/// <summary>Serves the page and the studies that it shows.</summary>
/// <remarks>Thread-safe. Reads the studies without a lock; only pause, resume and stop write to them.</remarks>
public sealed class DashboardServer : IAsyncDisposable
{
    private const long LargestRequest = 16 * 1024;

    private readonly WebApplication _application;
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _following = [];

    private DashboardServer(WebApplication application, AccessToken token)
    {
        _application = application;
        Token = token;
    }

    /// <summary>The token that this server asks for.</summary>
    public AccessToken Token { get; }

    /// <summary>Where the page is, without the token: <c>http://127.0.0.1:8080/</c>.</summary>
    public Uri Address => new(_application.Urls.Single());

    /// <summary>Where the page is, with the token in the fragment, which browsers send to nobody.</summary>
    public Uri AddressWithToken => new(Address, $"#token={Token.Text}");

    /// <summary>Listens, and begins to follow the studies.</summary>
    /// <exception cref="InvalidRequestException">The page was not built into this pbt, or the address cannot be listened on.</exception>
    public static async Task<DashboardServer> StartAsync(IReadOnlyList<WatchedStudy> studies, DashboardOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var page = WebPage.Load();
        var pulse = new Pulse();
        List<StudyFeed> feeds = [.. studies.Select(study => new StudyFeed(study, time, pulse))];
        var token = AccessToken.Create();
        var server = new DashboardServer(Build(options), token);
        var routes = new Routes(page, feeds, new RequestGuard(token, IPAddress.IsLoopback(options.Address)), new EventStream(feeds, pulse, time), server._stopping.Token);
        routes.Map(server._application);
        try
        {
            await server._application.StartAsync(cancellationToken);
        }
        catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
        {
            await server.DisposeAsync();
            throw new InvalidRequestException($"{options.Address}:{options.Port} cannot be listened on: {error.Message}; --port 0 takes a free port", error);
        }

        server._following.AddRange(feeds.Select(feed => feed.RunAsync(server._stopping.Token)));
        return server;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_following);
        await _application.DisposeAsync();
        _stopping.Dispose();
    }

    private static WebApplication Build(DashboardOptions options)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestRequest;
            kestrel.Listen(options.Address, options.Port, static listen => listen.Protocols = HttpProtocols.Http1);
        });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(2));
        return builder.Build();
    }
}

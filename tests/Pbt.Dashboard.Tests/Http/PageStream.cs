using System.Text.Json.Nodes;
using Pbt.Dashboard.Http;

namespace Pbt.Dashboard.Tests.Http;

/// <summary>A stream of server-sent events, read as a page would.</summary>
internal sealed class PageStream : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly HttpClient _client;
    private readonly StreamReader _reader;

    private PageStream(HttpClient client, StreamReader reader) => (_client, _reader) = (client, reader);

    public static async Task<PageStream> OpenAsync(DashboardServer server, string watched)
    {
        var client = new HttpClient();
        var body = await client.GetStreamAsync(new Uri(server.Address, $"api/stream?watch={watched}"));
        return new PageStream(client, new StreamReader(body));
    }

    /// <summary>The data of the next event of a name.</summary>
    public Task<JsonNode> NextAsync(string name) => UntilAsync(name, static _ => true);

    /// <summary>The data of the next event of a name for which a condition holds.</summary>
    public async Task<JsonNode> UntilAsync(string name, Func<JsonNode, bool> condition)
    {
        using var limit = new CancellationTokenSource(Patience);
        var wanted = false;
        while (await _reader.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.StartsWith("event: ", StringComparison.Ordinal))
                wanted = line[7..].Equals(name, StringComparison.Ordinal);
            else if (wanted && line.StartsWith("data: ", StringComparison.Ordinal) && JsonNode.Parse(line[6..]) is { } data && condition(data))
                return data;
        }

        throw new InvalidOperationException("The stream ended.");
    }

    public ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _client.Dispose();
        return ValueTask.CompletedTask;
    }
}

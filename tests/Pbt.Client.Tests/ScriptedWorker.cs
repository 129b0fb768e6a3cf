using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Pbt.Client.Tests;

/// <summary>A worker that does what the test says, at a real socket.</summary>
internal sealed class ScriptedWorker : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly string _root = Directory.CreateTempSubdirectory("pbt-client-").FullName;
    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly List<string> _warnings = [];
    private Socket? _connection;
    private StreamReader? _reader;

    public ScriptedWorker()
    {
        _listener.Bind(new UnixDomainSocketEndPoint(SocketPath));
        _listener.Listen();
    }

    public string SocketPath => Path.Combine(_root, "s");

    /// <summary>What the client warned of.</summary>
    public IReadOnlyList<string> Warnings
    {
        get
        {
            lock (_warnings)
                return [.. _warnings];
        }
    }

    public static SessionOptions Options { get; } = new() { Heartbeat = null };

    /// <summary>Connects a client and welcomes it.</summary>
    public async Task<TrainerSession> WelcomeAsync(SessionOptions? options = null, int places = 1)
    {
        var connecting = ConnectAsync(options);
        Assert.Equal("hello", (await AcceptAsync()).GetProperty("type").GetString());
        await SendAsync($$"""{"type":"welcome","protocol":1,"study":"demo","places":{{places}}}""");
        return await connecting.WaitAsync(Patience);
    }

    public Task<TrainerSession> ConnectAsync(SessionOptions? options = null) => TrainerSession.ConnectAsync(
        (options ?? Options) with { Warn = Warn },
        name => string.Equals(name, "PBT_SOCKET", StringComparison.Ordinal) ? SocketPath : null,
        CancellationToken.None);

    /// <summary>Takes the connection and returns its first message.</summary>
    public async Task<JsonElement> AcceptAsync()
    {
        _connection = await _listener.AcceptAsync().WaitAsync(Patience);
        _reader = new StreamReader(new NetworkStream(_connection), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
        return await ReceiveAsync();
    }

    public async Task SendAsync(string line) => await _connection!.SendAsync(Encoding.UTF8.GetBytes(line + "\n"));

    public async Task SendBytesAsync(byte[] bytes) => await _connection!.SendAsync(bytes);

    public Task StartAsync(long attempt, int place = 0, int member = 3, string more = "") => SendAsync(
        $$$"""{"type":"start","attempt":{{{attempt}}},"place":{{{place}}},"member":{{{member}}},"interval":2,"hyperparameters":{"lr":0.5},"reload":true,"checkpoint_in":null,"from":null,"checkpoint_out":"/out","steps":10,"seconds":null,"seed":7{{{more}}}}""");

    public Task StopAsync() => SendAsync("""{"type":"stop","reason":"the study has ended","grace_seconds":10}""");

    /// <summary>The next line; null at the end.</summary>
    public async Task<string?> ReceiveLineAsync() => await _reader!.ReadLineAsync().WaitAsync(Patience);

    /// <summary>The next message.</summary>
    public async Task<JsonElement> ReceiveAsync()
    {
        using var document = JsonDocument.Parse(await ReceiveLineAsync() ?? throw new InvalidOperationException("the client closed the connection"));
        return document.RootElement.Clone();
    }

    /// <summary>The next message, which is of this type and, if it has one, of this attempt.</summary>
    public async Task<JsonElement> ReceiveAsync(string type, long attempt)
    {
        var message = await ReceiveAsync();
        Assert.Equal(type, message.GetProperty("type").GetString());
        Assert.Equal(attempt, message.GetProperty("attempt").GetInt64());
        return message;
    }

    /// <summary>Closes the connection without a word.</summary>
    public void Vanish() => _connection!.Dispose();

    public ValueTask DisposeAsync()
    {
        _reader?.Dispose();
        _connection?.Dispose();
        _listener.Dispose();
        Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void Warn(string message)
    {
        lock (_warnings)
            _warnings.Add(message);
    }
}

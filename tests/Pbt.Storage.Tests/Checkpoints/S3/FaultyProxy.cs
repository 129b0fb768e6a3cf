using System.Net;
using System.Net.Sockets;

namespace Pbt.Storage.Tests.Checkpoints.S3;

/// <summary>Stands between a client and a server on the loopback, and spoils what goes through as it is told.</summary>
internal sealed class FaultyProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly TaskCompletionSource _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _cut = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly int _server;
    private readonly Task _accepting;
    private long _sent;
    private long _received;

    public FaultyProxy(int server)
    {
        _server = server;
        _listener.Start();
        Endpoint = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _accepting = AcceptAsync();
    }

    public string Endpoint { get; }

    /// <summary>Bytes that clients have sent.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    /// <summary>Bytes that the server has sent.</summary>
    public long Received => Interlocked.Read(ref _received);

    /// <summary>Once clients have sent so many bytes, nothing goes on until <see cref="Cut"/>.</summary>
    public long HoldAfterSent { get; set; } = long.MaxValue;

    /// <summary>Once the server has sent so many bytes, connections are cut.</summary>
    public long CutAfterReceived { get; set; } = long.MaxValue;

    /// <summary>Spoils a byte of what the server sends if it holds for its place in the whole of that.</summary>
    public Func<long, bool> IsSpoiled { get; set; } = static _ => false;

    /// <summary>Completes when <see cref="HoldAfterSent"/> is reached.</summary>
    public Task Held => _held.Task;

    /// <summary>Cuts the connections that were held, and holds no more.</summary>
    public void Cut()
    {
        HoldAfterSent = long.MaxValue;
        _cut.TrySetResult();
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        _listener.Dispose();
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        var connections = new List<Task>();
        try
        {
            while (true)
                connections.Add(ConnectAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
        }
        catch (Exception error) when (error is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, _end.Token);
                await await Task.WhenAny(UpAsync(client.GetStream(), server.GetStream()), DownAsync(server.GetStream(), client.GetStream()));
            }
            catch (Exception error) when (error is IOException or SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // Closing both ends is all that is left to do.
            }
        }
    }

    private async Task UpAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            if (Interlocked.Add(ref _sent, read) >= HoldAfterSent)
            {
                _held.TrySetResult();
                await _cut.Task.WaitAsync(_end.Token);
                return;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }

    private async Task DownAsync(NetworkStream from, NetworkStream to)
    {
        var buffer = new byte[64 << 10];
        int read;
        while ((read = await from.ReadAsync(buffer, _end.Token)) > 0)
        {
            var first = Interlocked.Add(ref _received, read) - read;
            if (first + read >= CutAfterReceived)
                return;

            for (var i = 0; i < read; i++)
            {
                if (IsSpoiled(first + i))
                    buffer[i] ^= 0x10;
            }

            await to.WriteAsync(buffer.AsMemory(0, read), _end.Token);
        }
    }
}

using System.Net.Sockets;

namespace Pbt.Client.Protocol;

/// <summary>The connection to a worker: lines both ways.</summary>
/// <remarks>Thread-safe. A thread of its own receives. Disposing it sends what there is, for at most 5 s, and closes it.</remarks>
internal sealed class WorkerConnection : IAsyncDisposable
{
    private const int ReceiveSize = 64 * 1024;
    private static readonly TimeSpan MostFarewell = TimeSpan.FromSeconds(5);

    private readonly Socket _socket;
    private readonly Outbox _outbox;
    private readonly TaskCompletionSource _received = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isDisposed;

    private WorkerConnection(Socket socket, SessionOptions options)
    {
        _socket = socket;
        _outbox = new Outbox(socket, options.Heartbeat, options.Warn);
    }

    /// <summary>Connects to the socket at a path.</summary>
    /// <exception cref="ProtocolException">Nobody listens there.</exception>
    public static async Task<WorkerConnection> ConnectAsync(string path, SessionOptions options, CancellationToken cancellationToken)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken).ConfigureAwait(false);
            return new WorkerConnection(socket, options);
        }
        catch (Exception error)
        {
            socket.Dispose();
            if (error is SocketException or ArgumentException)
                throw new ProtocolException($"PBT_SOCKET names {path}, but no worker could be reached there: {error.Message}", error);

            throw;
        }
    }

    /// <summary>Begins to receive.</summary>
    /// <param name="receive">Takes each line, without its line feed; the memory is valid during the call only. An exception ends the connection.</param>
    /// <param name="end">Is told that nothing more comes: of what went wrong, or null.</param>
    public void Start(Action<ReadOnlyMemory<byte>> receive, Action<Exception?> end) =>
        new Thread(() => Receive(receive, end)) { IsBackground = true, Name = "pbt-client receives" }.Start();

    /// <inheritdoc cref="Outbox.SendAsync"/>
    public Task SendAsync(ReadOnlySpan<byte> line) => _outbox.SendAsync(line);

    /// <inheritdoc cref="Outbox.Report"/>
    public void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics) => _outbox.Report(interval, step, metrics);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, true))
            return;

        var farewell = _outbox.CloseAsync();
        await Task.WhenAny(farewell, Task.Delay(MostFarewell)).ConfigureAwait(false);
        ShutDown();
        await Task.WhenAll(farewell, _received.Task).ConfigureAwait(false);
        _outbox.Dispose();
        _socket.Dispose();
    }

    private void Receive(Action<ReadOnlyMemory<byte>> receive, Action<Exception?> end)
    {
        Exception? failure = null;
        try
        {
            ReceiveLines(receive);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // As if it had been closed.
        }
        catch (ProtocolException error)
        {
            failure = error;
        }

        ShutDown();
        end(failure);
        _received.TrySetResult();
    }

    private void ReceiveLines(Action<ReadOnlyMemory<byte>> receive)
    {
        var bytes = new ByteBuffer(ReceiveSize);
        var searched = 0;
        while (true)
        {
            var count = _socket.Receive(bytes.GetSpan(ReceiveSize));
            if (count == 0)
                return;

            bytes.Advance(count);
            var begin = 0;
            while (bytes.Written.Span[searched..].IndexOf((byte)'\n') is >= 0 and var found)
            {
                receive(bytes.Written[begin..(searched + found)]);
                begin = searched += found + 1;
            }

            bytes.RemoveFirst(begin);
            searched = bytes.Count;
        }
    }

    private void ShutDown()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // The worker was first.
        }
    }
}

using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Threading.Channels;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>The lines that go to and come from a trainer.</summary>
/// <remarks>Sending is thread-safe and never waits; one reads.</remarks>
internal sealed class SessionConnection : IAsyncDisposable
{
    // What a trainer that does not read may leave unread.
    private const int MaxUnsent = 64 * 1024;
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);
    private static readonly StreamPipeReaderOptions Reading = new(bufferSize: 64 * 1024, minimumReadSize: 16 * 1024);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly Channel<ReadOnlyMemory<byte>> _unsent = Channel.CreateBounded<ReadOnlyMemory<byte>>(MaxUnsent);
    private readonly CancellationTokenSource _closed = new();
    private readonly PipeReader _reader;
    private readonly Task _sending;

    public SessionConnection(Socket socket)
    {
        _socket = socket;
        _stream = new NetworkStream(socket, ownsSocket: false);
        _reader = PipeReader.Create(_stream, Reading);
        _sending = SendAllAsync();
    }

    /// <summary>Sends a line; false if too many wait already, since the trainer does not read.</summary>
    public bool TrySend(ReadOnlyMemory<byte> line) => _unsent.Writer.TryWrite(line) || _closed.IsCancellationRequested;

    /// <summary>Reads the first message; null if the trainer closes the connection before.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public async Task<TrainerMessage?> FirstAsync(CancellationToken cancellationToken)
    {
        var messages = new List<TrainerMessage>(1);
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(cancellationToken);
                var rest = read.Buffer;
                Collect(ref rest, messages, most: 1);
                _reader.AdvanceTo(rest.Start, messages.Count > 0 ? rest.Start : rest.End);
                if (messages.Count > 0 || read.IsCompleted)
                    return messages.FirstOrDefault();
            }
        }
        catch (IOException)
        {
            return null;
        }
    }

    /// <summary>Reads what comes until it ends.</summary>
    /// <param name="take">Takes the messages that have come by now, in their order; false ends the reading.</param>
    public async Task ReadAsync(Func<IReadOnlyList<TrainerMessage>, bool> take)
    {
        var messages = new List<TrainerMessage>();
        try
        {
            while (true)
            {
                var read = await _reader.ReadAsync(_closed.Token);
                var rest = read.Buffer;
                Collect(ref rest, messages, most: int.MaxValue);
                if (!take(messages) || read.IsCompleted)
                    return;

                messages.Clear();
                _reader.AdvanceTo(rest.Start, rest.End);
            }
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // It is over, as if the trainer had closed it.
        }
    }

    /// <summary>Sends what is left, if that is soon done, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        _unsent.Writer.TryComplete();
        await Task.WhenAny(_sending, Task.Delay(Farewell, TimeProvider.System));
        await _closed.CancelAsync();
        await _sending;
        await _reader.CompleteAsync();
        await _stream.DisposeAsync();
        _socket.Dispose();
    }

    private static void Collect(ref ReadOnlySequence<byte> rest, List<TrainerMessage> messages, int most)
    {
        while (messages.Count < most && rest.PositionOf((byte)'\n') is { } end)
        {
            var line = rest.Slice(0, end);
            rest = rest.Slice(rest.GetPosition(1, end));
            if (line.Length > TrainerMessageReader.MaxBytes)
            {
                messages.Add(TooLong());
                return;
            }

            var bytes = (line.IsSingleSegment ? line.FirstSpan : line.ToArray()).TrimEnd((byte)'\r');
            if (!bytes.IsEmpty)
                messages.Add(TrainerMessageReader.Read(bytes));
        }

        if (messages.Count < most && rest.Length > TrainerMessageReader.MaxBytes)
            messages.Add(TooLong());
    }

    private static TrainerMessage.Broken TooLong() =>
        new($"a line has more than {TrainerMessageReader.MaxBytes} bytes; write large data to files");

    private async Task SendAllAsync()
    {
        try
        {
            await foreach (var line in _unsent.Reader.ReadAllAsync(_closed.Token))
                await _stream.WriteAsync(line, _closed.Token);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The reading finds out.
            _unsent.Writer.TryComplete();
        }
    }
}

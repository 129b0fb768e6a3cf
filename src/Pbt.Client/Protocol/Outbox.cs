using System.Net.Sockets;
using System.Text.Json;

namespace Pbt.Client.Protocol;

/// <summary>Sends lines to the worker, in the order in which they are given, many at a time.</summary>
/// <remarks>
/// Thread-safe. A thread of its own sends: progress is gathered for up to 100 ms or 32 KiB, everything else goes at once, and a
/// heartbeat when nothing has gone for half the time that was promised.
/// </remarks>
internal sealed class Outbox : IDisposable
{
    private const int SendAt = 32 * 1024;
    private const int MostBacklog = 8 * 1024 * 1024;
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new();
    private readonly byte[] _heartbeat = TrainerMessages.Heartbeat();
    private readonly Socket _socket;
    private readonly TimeSpan _heartbeatPeriod;
    private readonly Action<string> _warn;
    private readonly Utf8JsonWriter _json;
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ByteBuffer _filling = new(SendAt * 2);
    private ByteBuffer _sending = new(SendAt * 2);
    private TaskCompletionSource? _sent;
    private TaskCompletionSource? _taken;
    private bool _isUrgent;
    private bool _isClosing;
    private bool _isBroken;
    private bool _hasWarned;

    public Outbox(Socket socket, TimeSpan? heartbeat, Action<string> warn)
    {
        _socket = socket;
        _warn = warn;
        _heartbeatPeriod = heartbeat is { } promised ? promised / 2 : Timeout.InfiniteTimeSpan;
        _json = new Utf8JsonWriter(_filling);
        new Thread(Send) { IsBackground = true, Name = "pbt-client sends" }.Start();
    }

    /// <summary>Sends a line at once; completes when it is on its way, or never will be.</summary>
    public Task SendAsync(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_isBroken || _isClosing)
                return Task.CompletedTask;

            _filling.Append(line);
            _isUrgent = true;
            _sent ??= new(TaskCreationOptions.RunContinuationsAsynchronously);
            Monitor.Pulse(_gate);
            return _sent.Task;
        }
    }

    /// <summary>Sends progress soon, unless the interval has ended.</summary>
    public void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        lock (_gate)
        {
            // Asked here: whoever ends the interval does so before its last line is given, so that no progress comes after it.
            if (interval.HasEnded || _isBroken || _isClosing)
                return;

            var before = _filling.Count;
            if (before > MostBacklog)
            {
                WarnOnce("the worker does not take progress as fast as it is reported; some is left out");
                return;
            }

            _json.Reset(_filling);
            TrainerMessages.WriteProgress(_json, interval.Attempt, step, metrics);
            if (_filling.Count - before >= TrainerMessages.MaxProgress)
            {
                _filling.Cut(before);
                WarnOnce($"progress longer than {TrainerMessages.MaxProgress} bytes is left out");
                return;
            }

            _filling.Append("\n"u8);
            if (before == 0 || (before < SendAt && _filling.Count >= SendAt))
                Monitor.Pulse(_gate);
        }
    }

    /// <summary>Sends what there is and ends; completes when it has.</summary>
    public Task CloseAsync()
    {
        lock (_gate)
        {
            _isClosing = true;
            Monitor.Pulse(_gate);
        }

        return _ended.Task;
    }

    /// <summary>To be called when it has ended.</summary>
    public void Dispose() => _json.Dispose();

    private void Send()
    {
        try
        {
            while (TakeBatch())
            {
                for (var left = _sending.Written; left.Length > 0;)
                    left = left[_socket.Send(left.Span)..];

                _taken?.TrySetResult();
            }
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // Whoever receives finds out, and why.
        }

        lock (_gate)
        {
            _isBroken = true;
            _taken?.TrySetResult();
            _sent?.TrySetResult();
        }

        _ended.TrySetResult();
    }

    /// <summary>Waits until there is something to send, and takes it; false once nothing more comes.</summary>
    private bool TakeBatch()
    {
        lock (_gate)
        {
            while (_filling.Count == 0)
            {
                if (_isClosing)
                    return false;

                if (!Monitor.Wait(_gate, _heartbeatPeriod))
                {
                    _filling.Append(_heartbeat);
                    _isUrgent = true;
                }
            }

            if (!_isUrgent && !_isClosing && _filling.Count < SendAt)
                Monitor.Wait(_gate, Gathering);

            (_filling, _sending) = (_sending, _filling);
            _filling.Cut(0);
            _isUrgent = false;
            (_taken, _sent) = (_sent, null);
            return true;
        }
    }

    private void WarnOnce(string message)
    {
        if (_hasWarned)
            return;

        _hasWarned = true;
        _warn(message);
    }
}

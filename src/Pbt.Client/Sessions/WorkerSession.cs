using System.Threading.Channels;
using Pbt.Client.Protocol;

namespace Pbt.Client.Sessions;

/// <summary>A session with a worker, by the session protocol.</summary>
internal sealed class WorkerSession : TrainerSession
{
    private readonly Lock _gate = new();
    private readonly WorkerConnection _connection;
    private readonly TaskCompletionSource _welcomed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // Null stands for idle.
    private readonly Channel<TrainingInterval?> _started = Channel.CreateUnbounded<TrainingInterval?>(new UnboundedChannelOptions { SingleReader = true });
    private TrainingInterval?[] _places = [];
    private string? _study;
    private Exception? _failure;
    private bool _isFailureSeen;
    private List<TrainingInterval> _collected = [];

    private WorkerSession(WorkerConnection connection, SessionOptions options)
        : base(options) => _connection = connection;

    public override SessionKind Kind => SessionKind.Session;

    public override string? Study => _study;

    public override int Places => Math.Max(1, _places.Length);

    /// <exception cref="ProtocolException">The worker cannot be reached, or does not answer as it must.</exception>
    public static async Task<TrainerSession> ConnectAsync(string path, SessionOptions options, CancellationToken cancellationToken)
    {
        var connection = await WorkerConnection.ConnectAsync(path, options, cancellationToken).ConfigureAwait(false);
        var session = new WorkerSession(connection, options);
        try
        {
            connection.Start(session.Receive, session.End);
            await connection.SendAsync(TrainerMessages.Hello(options)).ConfigureAwait(false);
            await session._welcomed.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
            return session;
        }
        catch
        {
            await session.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    internal override void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics) =>
        _connection.Report(interval, step, metrics);

    internal override byte[] Encode(TrainingInterval interval, IntervalResult result) => TrainerMessages.Completed(interval, result);

    internal override ValueTask CompleteAsync(TrainingInterval interval, IntervalResult result, byte[] encoded) => EndAsync(interval, encoded);

    internal override ValueTask FailAsync(TrainingInterval interval, string reason) => EndAsync(interval, TrainerMessages.Failed(interval, reason));

    internal override ValueTask ReleaseAsync(TrainingInterval interval, string reason) => EndAsync(interval, TrainerMessages.Released(interval, reason));

    private protected override async ValueTask<IReadOnlyList<TrainingInterval>> NextAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, Stopping);
        while (true)
        {
            var isIdle = false;
            while (_started.Reader.TryRead(out var started))
            {
                isIdle = started is null;
                if (started is not null)
                    _collected.Add(started);
            }

            if (Stopping.IsCancellationRequested)
            {
                _isFailureSeen = true;
                return _failure is null ? [] : throw new ProtocolException(_failure.Message, _failure);
            }

            if (_collected.Count > 0 && (isIdle || _collected.Count == _places.Length))
            {
                var batch = _collected;
                _collected = [];
                return batch;
            }

            try
            {
                await _started.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                // Told to stop: what has started meanwhile is given back.
            }
        }
    }

    private protected override async ValueTask CloseAsync()
    {
        await GiveBackAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
        if (WasTerminated)
            Environment.ExitCode = Termination.ExitCode;

        // A loop that was left because it was to stop has not been told why.
        if (_failure is not null && !_isFailureSeen)
        {
            Environment.ExitCode = 1;
            Options.Warn(_failure.Message);
        }
    }

    /// <summary>Gives back what has started and nobody has ended.</summary>
    private async ValueTask GiveBackAsync()
    {
        TrainingInterval?[] running;
        lock (_gate)
            running = [.. _places];

        foreach (var interval in running)
        {
            if (interval?.TryEnd() == true)
                await ReleaseAsync(interval, StopReason ?? "the trainer ends").ConfigureAwait(false);
        }
    }

    private ValueTask EndAsync(TrainingInterval interval, byte[] line)
    {
        // First, since the worker may fill it as soon as it has the line.
        lock (_gate)
            _places[interval.Place] = null;

        return new ValueTask(_connection.SendAsync(line));
    }

    /// <exception cref="ProtocolException">The worker broke the protocol, or says that this side did.</exception>
    private void Receive(ReadOnlyMemory<byte> line)
    {
        switch (WorkerMessageReader.Read(line))
        {
            case WorkerMessage.Welcome welcome:
                Accept(welcome);
                break;
            case WorkerMessage.Start start:
                Begin(start);
                break;
            case WorkerMessage.Idle:
                _started.Writer.TryWrite(null);
                break;
            case WorkerMessage.Rejected rejected:
                Options.Warn($"the worker did not take what was said of attempt {rejected.Attempt}: {rejected.Reason}");
                break;
            case WorkerMessage.Stop stop:
                Grace = stop.GraceSeconds is { } seconds && seconds < TimeSpan.MaxValue.TotalSeconds ? TimeSpan.FromSeconds(seconds) : null;
                Stop(stop.Reason);
                _started.Writer.TryComplete();
                _welcomed.TrySetResult();
                break;
            case WorkerMessage.Error error:
                throw new ProtocolException($"the worker ended the session, since this program broke the protocol: {error.Reason}");
            default:
                break;
        }
    }

    private void Accept(WorkerMessage.Welcome welcome)
    {
        if (_places.Length > 0)
            throw new ProtocolException("the worker sent welcome twice");

        if (welcome.Protocol != TrainerMessages.Version)
            throw new ProtocolException($"the worker speaks version {welcome.Protocol} of the session protocol, and this client version {TrainerMessages.Version}: use a client of the worker's time");

        if (welcome.Places < 1 || welcome.Places > Options.Capacity)
            throw new ProtocolException($"the worker gives {welcome.Places} places to a trainer that has {Options.Capacity}");

        _study = welcome.Study;
        _places = new TrainingInterval?[welcome.Places];
        _welcomed.TrySetResult();
    }

    private void Begin(WorkerMessage.Start start)
    {
        if (start.Place < 0 || start.Place >= _places.Length)
            throw new ProtocolException($"the worker starts attempt {start.Attempt} in place {start.Place} of {_places.Length}");

        var interval = new TrainingInterval(this)
        {
            Attempt = start.Attempt,
            Place = start.Place,
            Member = start.Member,
            Interval = start.Interval,
            Hyperparameters = Hyperparameters.Read(start.Hyperparameters, Options.Defaults),
            Reload = start.Reload,
            CheckpointIn = start.CheckpointIn,
            CheckpointOut = start.CheckpointOut,
            Donor = start.From,
            Steps = start.Steps,
            Seconds = start.Seconds,
            Seed = start.Seed,
        };
        lock (_gate)
        {
            if (_places[start.Place] is { } running)
                throw new ProtocolException($"the worker starts attempt {start.Attempt} in place {start.Place}, where attempt {running.Attempt} runs");

            _places[start.Place] = interval;
        }

        // What nobody takes any more is given back at the end, and not here: its place would be filled again at once.
        _started.Writer.TryWrite(interval);
    }

    private void End(Exception? failure)
    {
        _failure = failure;
        Stop(failure?.Message ?? "the worker closed the connection");
        _started.Writer.TryComplete();
        _welcomed.TrySetException(failure ?? new ProtocolException("the worker closed the connection before it answered"));
    }
}

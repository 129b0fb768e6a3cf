using System.Runtime.CompilerServices;
using Pbt.Client.Sessions;

namespace Pbt.Client;

/// <summary>Gives a program the intervals that it is to train, whoever asks for them.</summary>
/// <remarks>
/// <para>
/// Where <c>PBT_SOCKET</c> is set, a worker of pbt does, and the program stays for as long as there is something to do. Where
/// <c>PBT_CHECKPOINT_OUT</c> is set, it does so for one interval, by the command protocol. Else nobody does: a plain run.
/// </para>
/// <para>
/// One enumeration at a time. The first SIGTERM asks the program to stop, and so does the worker's <c>stop</c>: see
/// <see cref="Stopping"/>. Dispose of it at the end: what was sent is then on its way.
/// </para>
/// </remarks>
public abstract class TrainerSession : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Termination _termination;
    private int _isEnumerated;

    private protected TrainerSession(SessionOptions options)
    {
        Options = options;
        Stopping = _stopping.Token;
        _termination = new Termination(() =>
        {
            WasTerminated = true;
            Stop("the trainer got SIGTERM");
        });
    }

    /// <summary>Who asks for the intervals.</summary>
    public abstract SessionKind Kind { get; }

    /// <summary>The study's name, or null if it is not known.</summary>
    public virtual string? Study => null;

    /// <summary>How many intervals the program is given at once: 1 … <see cref="SessionOptions.Capacity"/>.</summary>
    public virtual int Places => 1;

    /// <summary>Cancelled when the program is to stop: by SIGTERM, by the worker, or because the worker is gone.</summary>
    /// <remarks>
    /// Complete what is nearly done, or leave the loop: an interval that is left is given back. <see cref="Grace"/> says how long
    /// the worker waits.
    /// </remarks>
    public CancellationToken Stopping { get; }

    /// <summary>Why the program is to stop; null before that.</summary>
    public string? StopReason { get; private set; }

    /// <summary>How long the worker waits after it asked to stop, before it ends the program; null if it has not asked.</summary>
    public TimeSpan? Grace { get; private protected set; }

    private protected SessionOptions Options { get; }

    private protected bool WasTerminated { get; private set; }

    /// <summary>Connects to the worker, if there is one.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="ProtocolException">The worker cannot be reached, or does not speak this protocol; or pbt's variables are incomplete.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static Task<TrainerSession> ConnectAsync(SessionOptions options, CancellationToken cancellationToken = default) =>
        ConnectAsync(options, Environment.GetEnvironmentVariable, cancellationToken);

    internal static async Task<TrainerSession> ConnectAsync(SessionOptions options, Func<string, string?> environment, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        SessionOptions.Validate(options);
        if (environment("PBT_SOCKET") is { Length: > 0 } path)
            return await WorkerSession.ConnectAsync(path, options, cancellationToken).ConfigureAwait(false);

        return environment("PBT_CHECKPOINT_OUT") is { Length: > 0 } ? new CommandSession(options, environment) : new PlainSession(options);
    }

    /// <summary>The intervals to train, one after another, until there are no more or the program is to stop.</summary>
    /// <remarks>
    /// An interval that was not ended when the next is asked for has failed, and so has one whose loop is left, as by an
    /// exception; but once <see cref="Stopping"/> is cancelled it is given back.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The program is given more than one at once: use <see cref="BatchesAsync"/>. Or an enumeration is going on.</exception>
    /// <exception cref="ProtocolException">The worker broke the protocol, or says that this program did.</exception>
    public async IAsyncEnumerable<TrainingInterval> IntervalsAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Places > 1)
            throw new InvalidOperationException($"This program is given {Places} intervals at once: take them by BatchesAsync, or set SessionOptions.Capacity to 1.");

        await foreach (var batch in BatchesAsync(cancellationToken).ConfigureAwait(false))
            yield return batch[0];
    }

    /// <summary>The intervals to train together: those that have started when all places are taken, or no more can be expected.</summary>
    /// <remarks>As <see cref="IntervalsAsync"/>. All of a batch are to be ended before the next is asked for.</remarks>
    /// <exception cref="InvalidOperationException">An enumeration is going on.</exception>
    /// <exception cref="ProtocolException">The worker broke the protocol, or says that this program did.</exception>
    public async IAsyncEnumerable<IReadOnlyList<TrainingInterval>> BatchesAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (Interlocked.Exchange(ref _isEnumerated, 1) != 0)
            throw new InvalidOperationException("The intervals of this session are being enumerated already.");

        IReadOnlyList<TrainingInterval> batch = [];
        try
        {
            while (true)
            {
                batch = await NextAsync(cancellationToken).ConfigureAwait(false);
                if (batch.Count == 0)
                    break;

                yield return batch;
                await EndAsync(batch, "the program went on without completing the interval").ConfigureAwait(false);
            }
        }
        finally
        {
            await EndAsync(batch, "the program left the interval without completing it").ConfigureAwait(false);
            Interlocked.Exchange(ref _isEnumerated, 0);
        }
    }

    /// <summary>Trains all intervals by a function, one after another; one that throws has failed with its message, and the next follows.</summary>
    /// <remarks>A cancellation once <see cref="Stopping"/> is cancelled gives the interval back instead.</remarks>
    /// <param name="train">Trains an interval and ends it.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="InvalidOperationException">As for <see cref="IntervalsAsync"/>.</exception>
    /// <exception cref="ProtocolException">The worker broke the protocol, or says that this program did.</exception>
    public async Task RunAsync(Func<TrainingInterval, Task> train, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(train);
        await foreach (var interval in IntervalsAsync(cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await train(interval).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
            {
                // It is given back.
            }
#pragma warning disable CA1031 // Whatever a user's function throws is a failed interval.
            catch (Exception error) when (!interval.HasEnded)
#pragma warning restore CA1031
            {
                Options.Warn($"{interval} failed: {error}");
                await interval.FailAsync($"the trainer threw {error.GetType().Name}: {error.Message}").ConfigureAwait(false);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await CloseAsync().ConfigureAwait(false);
        _termination.Dispose();
        _stopping.Dispose();
        GC.SuppressFinalize(this);
    }

    internal abstract void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics);

    /// <summary>The bytes that say that an interval ended well.</summary>
    /// <exception cref="ArgumentException">They are more than the worker takes.</exception>
    internal abstract byte[] Encode(TrainingInterval interval, IntervalResult result);

    internal abstract ValueTask CompleteAsync(TrainingInterval interval, IntervalResult result, byte[] encoded);

    internal abstract ValueTask FailAsync(TrainingInterval interval, string reason);

    internal abstract ValueTask ReleaseAsync(TrainingInterval interval, string reason);

    /// <summary>What is to be trained next; nothing once there is no more.</summary>
    private protected abstract ValueTask<IReadOnlyList<TrainingInterval>> NextAsync(CancellationToken cancellationToken);

    private protected virtual ValueTask CloseAsync() => ValueTask.CompletedTask;

    /// <summary>Asks the program to stop.</summary>
    private protected void Stop(string reason)
    {
        StopReason ??= reason;
        try
        {
            // What the program has registered runs on another thread.
            _ = _stopping.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It has ended.
        }
    }

    private async ValueTask EndAsync(IReadOnlyList<TrainingInterval> batch, string reason)
    {
        foreach (var interval in batch)
        {
            if (!interval.TryEnd())
                continue;

            if (Stopping.IsCancellationRequested)
                await ReleaseAsync(interval, StopReason ?? "the trainer stops").ConfigureAwait(false);
            else
                await FailAsync(interval, reason).ConfigureAwait(false);
        }
    }
}

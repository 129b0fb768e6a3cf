using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Storage.Journal;

/// <summary>A transaction on its way: queued, begun, then committed or failed.</summary>
internal abstract class PendingTransaction
{
    private int _begun;

    /// <summary>The log's version after it.</summary>
    public long Version { get; set; }

    /// <summary>What nobody needs any more because of it.</summary>
    public ImmutableArray<CheckpointId> Released { get; set; } = [];

    /// <summary>Why its decision failed, or null.</summary>
    public Exception? Failure { get; set; }

    /// <summary>An exception of a batch as one caller's own: a thrown exception gathers its thrower's stack.</summary>
    public static Exception ForOneCaller(Exception exception) => exception switch
    {
        TransientStoreException => new TransientStoreException(exception.Message, exception),
        DamagedStoreException => new DamagedStoreException(exception.Message, exception),
        InvalidRequestException => new InvalidRequestException(exception.Message, exception),
        _ => exception,
    };

    /// <summary>Takes it out of the queue for good; false if it was cancelled or begun before.</summary>
    public bool TryBegin() => Interlocked.Exchange(ref _begun, 1) == 0;

    /// <summary>Runs its decision.</summary>
    public abstract void Decide(StudyTransaction transaction);

    /// <summary>Tells the caller how it ended.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that it failed.</summary>
    public abstract void Fail(Exception exception);
}

/// <summary>A transaction whose decision returns something.</summary>
internal sealed class PendingTransaction<T> : PendingTransaction
{
    private readonly TaskCompletionSource<Committed<T>> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<StudyTransaction, T> _decide;
    private readonly CancellationTokenRegistration _cancellation;
    private T? _value;

    public PendingTransaction(Func<StudyTransaction, T> decide, CancellationToken cancellation)
    {
        _decide = decide;
        _cancellation = cancellation.UnsafeRegister(
            static (self, token) =>
            {
                var pending = (PendingTransaction<T>)self!;
                if (pending.TryBegin())
                    pending._completion.TrySetCanceled(token);
            },
            this);
    }

    /// <summary>Completes when the events are durable.</summary>
    public Task<Committed<T>> Completion => _completion.Task;

    public override void Decide(StudyTransaction transaction) => _value = _decide(transaction);

    public override void Complete()
    {
        _cancellation.Unregister();
        if (Failure is not null)
            _completion.TrySetException(Failure);
        else
            _completion.TrySetResult(new(_value!, Version, Released));
    }

    public override void Fail(Exception exception)
    {
        _cancellation.Unregister();
        _completion.TrySetException(exception);
    }
}

namespace Pbt.Runtime.Workers;

/// <summary>Lets one at a time through, in the order in which they came.</summary>
/// <remarks>
/// Thread-safe. Places of a slot that have nothing to run take turns at looking for work: else all of them would, whenever anything
/// changes in the study. Whoever is next goes on within the call that lets it, and so in the caller's order, which a semaphore
/// does not promise.
/// </remarks>
public sealed class Turns
{
    private readonly Lock _gate = new();
    private readonly LinkedList<TaskCompletionSource> _waiting = [];
    private bool _isTaken;

    /// <summary>Completes when it is the caller's turn, which it then has to <see cref="Pass"/>.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled: there is no turn to pass.</exception>
    public async Task AwaitAsync(CancellationToken cancellationToken)
    {
        LinkedListNode<TaskCompletionSource> place;
        lock (_gate)
        {
            if (!_isTaken)
            {
                _isTaken = true;
                return;
            }

            place = _waiting.AddLast(new TaskCompletionSource());
        }

        await using var cancelling = cancellationToken.Register(() => GiveUp(place, cancellationToken));
        await place.Value.Task;
    }

    /// <summary>Ends the caller's turn.</summary>
    public void Pass()
    {
        LinkedListNode<TaskCompletionSource>? next;
        lock (_gate)
        {
            next = _waiting.First;
            if (next is null)
                _isTaken = false;
            else
                _waiting.RemoveFirst();
        }

        next?.Value.SetResult();
    }

    private void GiveUp(LinkedListNode<TaskCompletionSource> place, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (place.List is null)
                return;

            _waiting.Remove(place);
        }

        place.Value.SetCanceled(cancellationToken);
    }
}

using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Hosting;

/// <summary>Tells somebody what happens in a study, from its beginning, in order.</summary>
internal sealed class StudyNews(OpenStudy study, Action<IReadOnlyList<RecordedEvent>, StudyState> tell, TimeProvider time)
{
    private static readonly TimeSpan PauseAfterError = TimeSpan.FromSeconds(1);
    private readonly StudyState _state = new();

    // Not yet told: a reading may have been cut short.
    private List<RecordedEvent> _events = [];

    /// <summary>Tells what happens until it is cancelled.</summary>
    public async Task FollowAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await CatchUpAsync(cancellationToken);
                    await study.Store.WaitAsync(_state.Version, cancellationToken);
                }
                catch (TransientStoreException)
                {
                    await Task.Delay(PauseAfterError, time, cancellationToken);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The last is told by whoever cancelled.
        }
    }

    /// <summary>Tells what has happened since.</summary>
    public async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        await foreach (var recorded in study.Store.ReadAsync(_state.Version, cancellationToken))
        {
            _state.Apply(recorded);
            _events.Add(recorded);
        }

        var events = _events;
        _events = [];
        if (events.Count > 0)
            tell(events, _state);
    }
}

using Pbt.Core.Hooks;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Runtime.Hooks;

/// <summary>Folds a study's log and gives the hooks that are due, in the order of the log, a few at a time.</summary>
internal sealed class HookQueue
{
    private const int MostAtOnce = 64;
    private static readonly TimeSpan SpecLifetime = TimeSpan.FromSeconds(5);

    private readonly IStudyStore _store;
    private readonly TimeProvider _time;
    private readonly StudyState _state;
    private StudySpec? _spec;
    private long _specKnown;

    private HookQueue(IStudyStore store, StudyState state, TimeProvider time) => (_store, _state, _time) = (store, state, time);

    /// <summary>The number of the last event that was read.</summary>
    public long Version => _state.Version;

    /// <summary>Whether the last reading came to the log's end.</summary>
    public bool IsAtEnd { get; private set; }

    /// <summary>Begins after an event.</summary>
    /// <param name="store">The study.</param>
    /// <param name="done">The number of the last event whose hooks have been run.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async Task<HookQueue> OpenAsync(IStudyStore store, long done, TimeProvider time, CancellationToken cancellationToken)
    {
        var state = await store.LoadAsync(cancellationToken);
        if (!await MayBeDueAsync(store, done, state.Version, cancellationToken))
            return new(store, state, time);

        // What a hook is told depends on the state before its event, which the latest fold does not have any more.
        state = new StudyState();
        await foreach (var recorded in store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            if (recorded.Version > done)
                break;

            state.Apply(recorded);
        }

        return new(store, state, time);
    }

    /// <summary>Reads on, and gives the hooks that are due; none if there are none up to the log's end.</summary>
    public async Task<IReadOnlyList<HookCall>> ReadAsync(CancellationToken cancellationToken)
    {
        var calls = new List<HookCall>();
        IsAtEnd = false;
        await foreach (var recorded in _store.ReadAsync(_state.Version, cancellationToken))
        {
            calls.AddRange(HookCalls.Of(recorded, _state));
            _state.Apply(recorded);
            if (calls.Count >= MostAtOnce)
                return calls;
        }

        IsAtEnd = true;
        if (_state.Exists)
            (_spec, _specKnown) = (_state.Spec, _time.GetTimestamp());

        return calls;
    }

    /// <summary>The study's spec as it is now, or was a few seconds ago: a hook that was taken out of it is run no more, however many are due.</summary>
    public async Task<StudySpec> SpecAsync(CancellationToken cancellationToken)
    {
        if (_spec is { } known && _time.GetElapsedTime(_specKnown) < SpecLifetime)
            return known;

        var committed = await _store.TransactAsync(static transaction => transaction.State.Spec, cancellationToken);
        (_spec, _specKnown) = (committed.Value, _time.GetTimestamp());
        return committed.Value;
    }

    /// <summary>Whether the log does not come up to a version any more: it was damaged, and cut to what was intact.</summary>
    public async Task<bool> IsCutAsync(long version, CancellationToken cancellationToken) =>
        (await _store.TransactAsync(static transaction => transaction.State.Version, cancellationToken)).Value < version;

    private static async Task<bool> MayBeDueAsync(IStudyStore store, long done, long upTo, CancellationToken cancellationToken)
    {
        if (done >= upTo)
            return false;

        await foreach (var recorded in store.ReadAsync(done, cancellationToken))
        {
            if (recorded.Version > upTo)
                return false;

            if (HookCalls.MayFollow(recorded.Event))
                return true;
        }

        return false;
    }
}

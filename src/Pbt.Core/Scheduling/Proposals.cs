using System.Collections.Immutable;
using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>The decisions that are due and are computed outside the store's lock, from one version of the log.</summary>
/// <remarks>
/// In a synchronous study they are all those of the generation that has ended, and they are recorded together; in an
/// asynchronous one it is that of the member furthest behind. Each is taken on the state with those before it applied: first
/// those that explore nothing, then the others by their index, so that proposals know of all that will train beside them. Take <see cref="Next"/>, complete it, and <see cref="Add"/> it, until
/// there is none. Not thread-safe.
/// </remarks>
public sealed class Proposals
{
    private readonly StudyTransaction _transaction;
    private readonly MemberDecisions _decisions;
    private readonly Queue<MemberId> _due;
    private readonly List<MemberDecided> _decided = [];

    /// <summary>Begins on a state of the caller's own, which it changes.</summary>
    public Proposals(StudyState state, MemberDecisions decisions)
    {
        _decisions = decisions;
        BasedOn = state.Version;
        _due = new(Due(state, decisions));
        _transaction = new(state, state.LastTime);
    }

    /// <summary>The number of the last event that is taken into account.</summary>
    public long BasedOn { get; }

    /// <summary>The decisions added so far.</summary>
    public IReadOnlyList<MemberDecided> Decided => _decided;

    /// <summary>The members for which decisions are due outside the lock.</summary>
    public static ImmutableArray<MemberId> Due(StudyState state, MemberDecisions decisions)
    {
        if (!decisions.AreDeferred || !state.Exists || state.HasEnded || state.AreCandidates)
            return [];

        var isSynchronous = state.Spec.Mode == StudyMode.Synchronous;
        if (isSynchronous && !Settlement.NothingIsLeftToRun(state))
            return [];

        var undecided = state.Members.Where(static m => m.Phase == MemberPhase.Undecided).ToList();
        var deferred = undecided.Where(member => IsDeferred(state, member, decisions)).OrderBy(static m => m.Intervals).ThenBy(static m => m.Id.Value).ToList();
        if (deferred.Count == 0)
            return [];

        if (!isSynchronous)
            return [deferred[0].Id];

        // Those that explore know of those that do not.
        return [.. undecided.Except(deferred).Select(static m => m.Id), .. deferred.Select(static m => m.Id)];
    }

    /// <summary>The next decision that is not completed, or null.</summary>
    public OpenDecision? Next()
    {
        while (_due.TryDequeue(out var id))
        {
            var state = _transaction.State;
            if (_decisions.Open(state, state[id], Ranking.For(state, state[id])) is { } open)
                return open;
        }

        return null;
    }

    /// <summary>Adds a decision: the completed one that was given last.</summary>
    /// <param name="decided">The decision.</param>
    /// <param name="request">The digest of what a program was handed for it, or null.</param>
    public void Add(MemberDecided decided, string? request = null)
    {
        var proposed = decided with { Proposal = new(BasedOn, request) };
        _transaction.Add(proposed);
        _decided.Add(proposed);
    }

    /// <summary>Completes all of them by the study's own explore strategy.</summary>
    public IReadOnlyList<MemberDecided> Complete()
    {
        while (Next() is { } open)
            Add(_decisions.Complete(open));

        return Decided;
    }

    private static bool IsDeferred(StudyState state, MemberState member, MemberDecisions decisions) =>
        decisions.Open(state, member, Ranking.For(state, member)) is { } open && decisions.IsDeferred(open);
}

using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;

namespace Pbt.Core.Scheduling;

/// <summary>A recorded decision that differs from the recomputed one.</summary>
/// <param name="Version">The event's number.</param>
/// <param name="Recorded">What the log says.</param>
/// <param name="Recomputed">What follows from the events before it.</param>
public sealed record DecisionDifference(long Version, string Recorded, string Recomputed);

/// <summary>What a verification found.</summary>
/// <param name="Decisions">How many decisions were recomputed.</param>
/// <param name="Differences">Those that differ.</param>
public sealed record VerificationResult(int Decisions, IReadOnlyList<DecisionDifference> Differences);

/// <summary>Recomputes every decision of a log from the events before it.</summary>
/// <remarks>
/// Decisions that were computed outside the store's lock are recomputed from the version that they name: collect them
/// beforehand by <see cref="ProposedBy"/>. Where a user's program was asked, what it was handed is recomputed and its answer is
/// taken as recorded. Decisions are: each member's first hyperparameters, each attempt's seed and start, whether a failure was
/// the interval's last, what was decided for a member after each interval, which candidates were chosen, and what a member
/// with a damaged start goes on from.
/// </remarks>
/// <param name="proposed">The decisions of this log that were computed outside the store's lock; null if there are none.</param>
public sealed class Verification(IEnumerable<MemberDecided>? proposed = null)
{
    private readonly ILookup<long, MemberDecided> _recorded = (proposed ?? []).ToLookup(static decided => decided.Proposal!.BasedOn);
    private readonly StudyState _state = new();
    private readonly Dictionary<(long BasedOn, MemberId Member), MemberDecided> _proposed = [];
    private readonly List<DecisionDifference> _differences = [];
    private MemberDecisions? _decisions;
    private System.Collections.Immutable.ImmutableArray<SearchSpaces.Hyperparameters> _initial;
    private Ranking? _ranking;
    private Queue<StudyEvent> _candidates = new();
    private int _count;

    /// <summary>The state after the events verified so far.</summary>
    public StudyState State => _state;

    /// <summary>What was found so far.</summary>
    public VerificationResult Result => new(_count, _differences);

    /// <summary>The decision that an event records, if it was computed outside the store's lock; else null.</summary>
    public static MemberDecided? ProposedBy(RecordedEvent recorded) => recorded.Event is MemberDecided { Proposal: not null } decided ? decided : null;

    /// <summary>Recomputes the event if it is a decision, and folds it.</summary>
    /// <exception cref="Studies.DamagedStoreException">It does not follow from the events before it.</exception>
    public void Verify(RecordedEvent recorded)
    {
        _state.Check(recorded);
        switch (recorded.Event)
        {
            case MemberCreated e:
                Compare(recorded, e, e with { Hyperparameters = _initial[e.Member.Value] });
                break;
            case AttemptStarted e:
                var starting = _state[e.Member];
                Compare(recorded, e, e with { Seed = StudyScheduler.TrainerSeed(_state.Spec, starting), CheckpointIn = starting.Start });
                break;
            case AttemptFailed e when _state.Find(e.Attempt) is { } attempt:
                Compare(recorded, e, e with { Exhausted = StudyScheduler.IsExhausted(_state, attempt.Member, e.Kind) });
                break;
            case MemberRecovered e:
                var recovering = _state[e.Member];
                Compare(recorded, e, Recovery.IsDue(_state, recovering) ? Recovery.Of(_state, recovering) : null);
                break;
            case MemberDecided or MemberRetired when _state.AreCandidates:
                if (_candidates.Count == 0)
                    _candidates = new(CandidateSelection.Due(_state));

                Compare(recorded, recorded.Event, _candidates.TryDequeue(out var due) ? due : null);
                break;
            case MemberDecided { Proposal: { } proposal } e:
                Compare(recorded, e, _proposed.GetValueOrDefault((proposal.BasedOn, e.Member)));
                break;
            case MemberDecided e:
                var member = _state[e.Member];
                _ranking = _state.Spec.Compare != Studies.ScoreComparison.Latest ? Ranking.For(_state, member) : _ranking ?? Ranking.Latest(_state);
                Compare(recorded, e, _decisions!.Decide(_state, member, _ranking));
                break;
            default:
                break;
        }

        _state.Apply(recorded);
        Prepare(recorded.Event);
    }

    private void Prepare(StudyEvent happened)
    {
        // Within one settlement the ranking stays the same; anything else may change it.
        if (happened is not (MemberDecided or MemberRetired))
            _candidates.Clear();

        if (happened is not MemberDecided)
            _ranking = null;

        if (happened is StudyCreated or SpecChanged)
        {
            _decisions = new MemberDecisions(_state.Spec);
            _initial = InitialPopulation.Of(_state.Spec);
        }

        if (_recorded.Contains(_state.Version))
            Propose(_recorded[_state.Version].DistinctBy(static decided => decided.Member).ToDictionary(static decided => decided.Member));
    }

    /// <summary>Recomputes what was computed outside the store's lock from the present version.</summary>
    private void Propose(Dictionary<MemberId, MemberDecided> recorded)
    {
        var proposals = new Proposals(StudySnapshot.Copy(_state), _decisions!);
        while (proposals.Next() is { } open)
        {
            if (_decisions!.Program is not { } asked || open.Explore is null)
            {
                proposals.Add(_decisions.Complete(open));
                continue;
            }

            // Whoever answered out of the search space, or was not recorded, is not taken at his word.
            if (!recorded.TryGetValue(open.Frame.Member, out var answered) || answered.Hyperparameters is not { } given || !_state.Spec.Hyperparameters.Contains(given))
                break;

            proposals.Add(open.Frame with { Hyperparameters = given }, asked.Request(open.Explore).Digest);
        }

        foreach (var decided in proposals.Decided)
            _proposed[(decided.Proposal!.BasedOn, decided.Member)] = decided;
    }

    private void Compare(RecordedEvent recorded, StudyEvent actual, StudyEvent? expected)
    {
        _count++;
        if (!Equals(actual, expected))
            _differences.Add(new DecisionDifference(recorded.Version, actual.ToString(), expected?.ToString() ?? "no decision"));
    }
}

using Pbt.Core.Population;

namespace Pbt.Dashboard.Views;

/// <summary>An attempt that ended without completing its interval.</summary>
/// <param name="Version">The event that ended it.</param>
/// <param name="Attempt">Its number.</param>
/// <param name="Member">Whose interval.</param>
/// <param name="Interval">Which.</param>
/// <param name="Worker">Who ran it: a row of the <see cref="WorkerTable"/>.</param>
/// <param name="Start">When it began, in milliseconds since the log's beginning.</param>
/// <param name="End">When it ended.</param>
/// <param name="Outcome">failed, released or lost.</param>
/// <param name="Reason">Why.</param>
internal sealed record UnfinishedAttempt(
    long Version, AttemptId Attempt, int Member, int Interval, int Worker, long Start, long End, string Outcome, string Reason);

/// <summary>The attempts that did not complete, in the order in which they ended, and the last attempt of each member.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class AttemptTable
{
    private readonly List<UnfinishedAttempt> _unfinished = [];
    private readonly Dictionary<string, long> _outcomes = Outcomes.ToDictionary(static outcome => outcome, static _ => 0L, StringComparer.Ordinal);
    private readonly List<CheckpointId?> _last = [];

    /// <summary>How an attempt may end without completing.</summary>
    public static IReadOnlyList<string> Outcomes { get; } = ["failed", "lost", "released"];

    /// <summary>The attempts that did not complete.</summary>
    public IReadOnlyList<UnfinishedAttempt> Unfinished => _unfinished;

    /// <summary>Makes room for the next member.</summary>
    public void AddMember() => _last.Add(null);

    /// <summary>The latest attempt of a member, ended or not, named as the checkpoint that it was to produce; null before its first.</summary>
    public CheckpointId? LastOf(int member) => _last[member];

    /// <summary>An attempt began.</summary>
    public void Start(AttemptStarted e) => _last[e.Member.Value] = new CheckpointId(e.Member, e.Interval, e.Attempt);

    /// <summary>An attempt ended without completing.</summary>
    public void End(UnfinishedAttempt attempt)
    {
        _unfinished.Add(attempt);
        _outcomes[attempt.Outcome]++;
    }

    /// <summary>How many attempts ended in one of the ways of <see cref="Outcomes"/>.</summary>
    public long CountOf(string outcome) => _outcomes[outcome];

    /// <summary>The first attempt that ended after a version.</summary>
    public int FirstAfter(long version) => Ascending.FirstAfter(_unfinished, static attempt => attempt.Version, version);
}

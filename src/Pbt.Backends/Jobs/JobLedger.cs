using System.Collections.Immutable;

namespace Pbt.Backends.Jobs;

/// <summary>What the watch over a study's jobs has seen so far.</summary>
/// <remarks>Immutable and pure. Jobs that had ended before the first look are nobody's fault now.</remarks>
public sealed record JobLedger
{
    /// <summary>The state of a job that the scheduler knows no more.</summary>
    private const string Gone = "gone";

    private ImmutableDictionary<string, Job> Live { get; init; } = ImmutableDictionary<string, Job>.Empty;

    private ImmutableHashSet<string> Ended { get; init; } = [];

    private long Progress { get; init; } = -1;

    /// <summary>Jobs that ended since an interval was last completed, without those that another has taken over from.</summary>
    public int EndedInVain { get; private init; }

    /// <summary>The last of them, if any.</summary>
    public Job? LastEnded { get; private init; }

    /// <summary>The ledger after jobs were submitted: one that has ended, and is forgotten, by the next look is missed.</summary>
    public JobLedger With(IReadOnlyList<Job> submitted) => this with { Live = Live.SetItems(submitted.Select(static job => KeyValuePair.Create(job.Id, job))) };

    /// <summary>The ledger after a look at the scheduler.</summary>
    /// <param name="jobs">The study's jobs; one that ran and is not among them has ended and is forgotten.</param>
    /// <param name="completedIntervals">The intervals completed so far.</param>
    public JobLedger After(IReadOnlyList<Job> jobs, long completedIntervals)
    {
        var live = jobs.Where(static job => job.IsLive).ToImmutableDictionary(static job => job.Id, StringComparer.Ordinal);
        var ended = jobs.Where(static job => !job.IsLive).ToList();
        if (Progress < 0)
            return this with { Live = live, Ended = [.. ended.Select(static job => job.Id)], Progress = completedIntervals };

        var known = jobs.Select(static job => job.Id).ToHashSet(StringComparer.Ordinal);
        var seats = jobs.LiveSeats();
        List<Job> fresh = [.. Live.Values.Where(job => !known.Contains(job.Id)).Select(static job => job with { State = Gone, Reason = null }), .. ended.Where(job => !Ended.Contains(job.Id))];
        List<Job> vacated = [.. fresh.Where(job => !seats.Contains(job.Seat ?? job.Id))];
        var hasProgressed = completedIntervals > Progress;
        return this with
        {
            Live = live,
            Ended = Ended.Union(fresh.Select(static job => job.Id)),
            Progress = Math.Max(Progress, completedIntervals),
            EndedInVain = (hasProgressed ? 0 : EndedInVain) + vacated.Count,
            LastEnded = vacated.Count > 0 ? vacated[^1] : hasProgressed ? null : LastEnded,
        };
    }
}

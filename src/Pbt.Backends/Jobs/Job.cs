namespace Pbt.Backends.Jobs;

/// <summary>Where a job stands.</summary>
public enum JobPhase
{
    /// <summary>It has not begun.</summary>
    Waiting,

    /// <summary>It runs.</summary>
    Running,

    /// <summary>It has ended in order.</summary>
    Completed,

    /// <summary>It has ended before its time: it failed, was cancelled, ran out of time or lost its node.</summary>
    Failed,
}

/// <summary>A job that a worker runs in.</summary>
/// <param name="Id">The scheduler's name for it, such as <c>123_4</c>.</param>
/// <param name="Phase">Where it stands.</param>
/// <param name="State">The scheduler's own word for that, such as <c>PENDING</c> or <c>NODE_FAIL</c>.</param>
/// <param name="Reason">Why it waits or has failed, in the scheduler's words; null where it says nothing.</param>
public sealed record Job(string Id, JobPhase Phase, string State, string? Reason = null)
{
    /// <summary>Its place among the study's workers, which its successor takes over; null where it has one to itself.</summary>
    public string? Seat { get; init; }

    /// <summary>Whether it runs or may yet.</summary>
    public bool IsLive => Phase is JobPhase.Waiting or JobPhase.Running;
}

/// <summary>What several jobs come to.</summary>
public static class JobExtensions
{
    /// <summary>The workers that there are or will be: one for each place, also while a job hands it over to another.</summary>
    public static IReadOnlySet<string> LiveSeats(this IEnumerable<Job> jobs) =>
        jobs.Where(static job => job.IsLive).Select(static job => job.Seat ?? job.Id).ToHashSet(StringComparer.Ordinal);
}

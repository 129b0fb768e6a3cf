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
    /// <summary>Whether it runs or may yet.</summary>
    public bool IsLive => Phase is JobPhase.Waiting or JobPhase.Running;
}

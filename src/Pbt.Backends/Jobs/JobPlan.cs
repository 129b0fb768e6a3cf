namespace Pbt.Backends.Jobs;

/// <summary>What to do about a study's jobs.</summary>
public abstract record JobPlan
{
    private JobPlan()
    {
    }

    /// <summary>Nothing: there are as many as wanted, or none may be started any more while others still run.</summary>
    public sealed record Wait : JobPlan;

    /// <summary>Submit workers.</summary>
    /// <param name="Workers">How many; at least 1.</param>
    public sealed record Submit(int Workers) : JobPlan;

    /// <summary>Give up: workers end again and again without completing anything.</summary>
    /// <param name="Ended">How many did.</param>
    /// <param name="Last">The last of them.</param>
    public sealed record GiveUp(int Ended, Job? Last) : JobPlan;

    /// <summary>Decides; pure.</summary>
    /// <param name="jobs">The study's jobs.</param>
    /// <param name="ledger">What was seen so far, these jobs included.</param>
    /// <param name="wanted">Workers wanted at a time; at least 1.</param>
    /// <param name="replacements">Workers that may be started in place of ended ones before an interval has been completed in between.</param>
    /// <param name="throttle">How many of them run at a time at most, while others wait; null for all.</param>
    /// <param name="isPaused">Whether the study is paused, and so needs no more workers.</param>
    public static JobPlan Next(IReadOnlyList<Job> jobs, JobLedger ledger, int wanted, int replacements, int? throttle, bool isPaused)
    {
        var live = jobs.LiveSeats().Count;

        // Those that wait behind a throttle take the places of those that end; only after them are others needed.
        var missing = (live == 0 ? wanted : Math.Min(wanted, throttle ?? wanted)) - live;
        if (missing <= 0 || isPaused)
            return new Wait();

        // Those that ended have been replaced up to now by as many; the first ones were no replacements.
        var left = replacements - ledger.EndedInVain + missing;
        if (left > 0)
            return new Submit(Math.Min(missing, left));

        return live > 0 ? new Wait() : new GiveUp(ledger.EndedInVain, ledger.LastEnded);
    }
}

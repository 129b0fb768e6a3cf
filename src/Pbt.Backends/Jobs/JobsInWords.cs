using System.Globalization;

namespace Pbt.Backends.Jobs;

/// <summary>Tells how a study's jobs stand.</summary>
/// <remarks>Pure.</remarks>
public static class JobsInWords
{
    /// <summary>One line, such as <c>3 workers run, 5 wait (Resources)</c>.</summary>
    public static string Of(IReadOnlyList<Job> jobs)
    {
        var running = jobs.Count(static job => job.Phase == JobPhase.Running);
        var waiting = jobs.Where(static job => job.Phase == JobPhase.Waiting).ToList();
        if (running + waiting.Count == 0)
            return "no worker runs or waits";

        var parts = new List<string>(2);
        if (running > 0)
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{running} {(running == 1 ? "worker runs" : "workers run")}"));

        if (waiting.Count > 0)
        {
            var what = running > 0 ? string.Empty : waiting.Count == 1 ? " worker" : " workers";
            parts.Add(string.Create(CultureInfo.InvariantCulture, $"{waiting.Count}{what} {(waiting.Count == 1 ? "waits" : "wait")}{Reasons(waiting)}"));
        }

        return string.Join(", ", parts);
    }

    private static string Reasons(IEnumerable<Job> waiting)
    {
        var reasons = waiting.Select(static job => job.Reason).OfType<string>().Where(static r => r.Length > 0).Distinct(StringComparer.Ordinal).ToList();
        return reasons.Count == 0 ? string.Empty : $" ({string.Join("; ", reasons.Take(3))})";
    }
}

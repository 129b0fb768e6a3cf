namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>What holds of every study.</summary>
internal static class Invariants
{
    /// <summary>No attempt ends twice, and no member's interval completes twice.</summary>
    public static void NoIntervalCountsTwice(Study study)
    {
        var running = new Dictionary<int, (int Member, int Interval)>();
        var completed = new HashSet<(int, int)>();
        foreach (var entry in study.Journal())
        {
            switch (entry.Type)
            {
                case "attempt_started":
                    running.Add(entry.Number("attempt"), (entry.Number("member"), entry.Number("interval")));
                    break;
                case "interval_completed":
                    Assert.True(running.Remove(entry.Number("attempt"), out var ended), $"an attempt ends twice: {entry.Line}\n{study.Describe()}");
                    Assert.True(completed.Add(ended), $"an interval completes twice: {entry.Line}\n{study.Describe()}");
                    break;
                case "attempt_failed" or "attempt_released":
                    Assert.True(running.Remove(entry.Number("attempt")), $"an attempt ends twice: {entry.Line}\n{study.Describe()}");
                    break;
            }
        }
    }
}

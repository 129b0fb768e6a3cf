using System.Globalization;

namespace Pbt.Backends.Slurm;

/// <summary>The tasks of a job array: one for each worker.</summary>
/// <remarks>Pure.</remarks>
public static class ArrayTasks
{
    /// <summary>The lowest numbers that nobody has.</summary>
    /// <param name="taken">The numbers of workers that wait or run.</param>
    /// <param name="count">How many are wanted.</param>
    public static IReadOnlyList<int> Free(IReadOnlySet<string> taken, int count) =>
        [.. Enumerable.Range(0, count + taken.Count).Where(task => !taken.Contains(task.ToString(CultureInfo.InvariantCulture))).Take(count)];

    /// <summary>What <c>--array</c> says: <c>0-3,7%2</c>.</summary>
    /// <param name="tasks">The numbers, ascending; at least one.</param>
    /// <param name="throttle">How many run at a time at most; null for all.</param>
    public static string Format(IReadOnlyList<int> tasks, int? throttle)
    {
        var ranges = new List<string>();
        for (var first = 0; first < tasks.Count;)
        {
            var last = first;
            while (last + 1 < tasks.Count && tasks[last + 1] == tasks[last] + 1)
                last++;

            ranges.Add(last == first
                ? string.Create(CultureInfo.InvariantCulture, $"{tasks[first]}")
                : string.Create(CultureInfo.InvariantCulture, $"{tasks[first]}-{tasks[last]}"));
            first = last + 1;
        }

        var limit = throttle < tasks.Count ? string.Create(CultureInfo.InvariantCulture, $"%{throttle}") : string.Empty;
        return string.Join(',', ranges) + limit;
    }
}

using System.Diagnostics;

namespace Pbt.Harness;

/// <summary>Waits for conditions, and says how things stand when one does not come true.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something is there, and returns it.</summary>
    public static async Task<T> HasAsync<T>(string what, Func<T?> probe, Func<string> describe, double seconds = 30)
        where T : class
    {
        var clock = Stopwatch.StartNew();
        while (true)
        {
            if (probe() is { } found)
                return found;

            if (clock.Elapsed.TotalSeconds > seconds)
                throw new ExpectationException($"after {seconds} s still not: {what}\n{describe()}");

            await Task.Delay(Pause);
        }
    }

    /// <summary>Waits until a condition holds.</summary>
    public static Task HoldsAsync(string what, Func<bool> condition, Func<string> describe, double seconds = 30) =>
        HasAsync(what, () => condition() ? what : null, describe, seconds);
}

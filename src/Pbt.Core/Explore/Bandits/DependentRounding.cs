using Pbt.Core.Randomness;

namespace Pbt.Core.Explore.Bandits;

/// <summary>DepRound: rounds expected counts to whole ones at random, so that their sum stays.</summary>
/// <remarks>Source: Gandhi, Khuller, Parthasarathy and Srinivasan 2006; Uchiya, Nakamura and Kudo 2010, algorithm 3.</remarks>
internal static class DependentRounding
{
    private const double Whole = 1e-9;

    /// <summary>Counts whose expectations are these; each differs by less than 1 from its own.</summary>
    /// <param name="expected">At least 0; they add up to <paramref name="total"/>.</param>
    /// <param name="total">What the counts add up to.</param>
    /// <param name="random">One draw for each pair that is rounded: fewer than there are counts.</param>
    public static int[] Round(ReadOnlySpan<double> expected, int total, RandomStream random)
    {
        var parts = new double[expected.Length];
        var counts = new int[expected.Length];
        for (var i = 0; i < expected.Length; i++)
        {
            counts[i] = (int)Math.Floor(expected[i] + Whole);
            parts[i] = Math.Max(0, expected[i] - counts[i]);
        }

        var open = -1;
        for (var i = 0; i < parts.Length; i++)
        {
            if (!IsOpen(parts[i]))
                continue;

            if (open >= 0)
                Settle(parts, open, i, random);

            open = IsOpen(parts[i]) ? i : open >= 0 && IsOpen(parts[open]) ? open : -1;
        }

        for (var i = 0; i < counts.Length; i++)
            counts[i] += parts[i] > 0.5 ? 1 : 0;

        // Sums of doubles are off by a little; the count that was open to the end, or else the greatest, takes what is left.
        var taker = open >= 0 ? open : Array.IndexOf(counts, counts.Max());
        counts[taker] += total - Sum(counts);
        return counts;
    }

    /// <summary>Moves as much from one part to the other that at least one of them is whole, either way with its probability.</summary>
    private static void Settle(double[] parts, int i, int j, RandomStream random)
    {
        var up = Math.Min(1 - parts[i], parts[j]);
        var down = Math.Min(parts[i], 1 - parts[j]);
        var shift = random.NextDouble() * (up + down) < down ? up : -down;
        parts[i] += shift;
        parts[j] -= shift;
    }

    private static bool IsOpen(double part) => part > Whole && part < 1 - Whole;

    private static int Sum(int[] counts)
    {
        var sum = 0;
        foreach (var count in counts)
            sum += count;

        return sum;
    }
}

using System.Numerics;

namespace Pbt.Core.Statistics;

/// <summary>The one-sided sign test: whether one of two paired series is above the other more often than by chance.</summary>
public static class SignTest
{
    private const int Precision = 60;

    /// <summary>The probability of at least so many successes in so many fair throws; exact to 2⁻⁶⁰, the same on every machine.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The successes are fewer than 0 or more than the throws.</exception>
    public static double PValue(int successes, int throws)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(successes);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(successes, throws);
        var ways = BigInteger.One;
        var tail = BigInteger.One;
        for (var i = throws; i > successes; i--)
        {
            ways = ways * i / (throws - i + 1);
            tail += ways;
        }

        return (double)((tail << Precision) >> throws) / (1L << Precision);
    }
}

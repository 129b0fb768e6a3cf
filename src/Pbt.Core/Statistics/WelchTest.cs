namespace Pbt.Core.Statistics;

/// <summary>Placeholder until the statistics land.</summary>
public static class WelchTest
{
    /// <summary>Compares.</summary>
    public static (double Statistic, double DegreesOfFreedom, double PValue) Compare(ReadOnlySpan<double> a, ReadOnlySpan<double> b) => (a.Length - b.Length, 0, 1);
}

namespace Pbt.Core.SearchSpaces;

/// <summary>How a value of exactly 0 moves, which no factor can move.</summary>
internal static class ZeroRule
{
    /// <summary>The step from 0: up for a factor above 1, down below 1, none for 1 or NaN.</summary>
    public static double Step(double factor, double zeroStep, double range) => factor switch
    {
        > 1 => zeroStep * range,
        < 1 => -(zeroStep * range),
        _ => 0,
    };
}

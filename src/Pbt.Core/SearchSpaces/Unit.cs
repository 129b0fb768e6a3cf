namespace Pbt.Core.SearchSpaces;

/// <summary>Positions in the unit interval, and the equal parts it is cut into.</summary>
internal static class Unit
{
    /// <summary>The number in [0, 1] nearest to this one; 0 for NaN.</summary>
    public static double Clamp(double unit) => double.IsNaN(unit) ? 0 : Math.Clamp(unit, 0, 1);

    /// <summary>The number in [0, 1) nearest to this one; 0 for NaN.</summary>
    public static double ClampBelowOne(double unit) => Math.Min(Clamp(unit), Math.BitDecrement(1.0));

    /// <summary>Which of so many equal parts a position lies in, from 0.</summary>
    public static long PartOf(double unit, long parts) => Math.Min((long)(Clamp(unit) * parts), parts - 1);

    /// <summary>The middle of one of so many equal parts.</summary>
    public static double MiddleOf(long part, long parts) => ClampBelowOne((part + 0.5) / parts);
}

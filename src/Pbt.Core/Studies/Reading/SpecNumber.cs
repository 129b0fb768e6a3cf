using System.Globalization;

namespace Pbt.Core.Studies.Reading;

/// <summary>Numbers as the spec writes them.</summary>
internal static class SpecNumber
{
    /// <summary>The shortest text that reads back as the same double, and as a float rather than an integer.</summary>
    public static string Text(double number)
    {
        var text = Plain(number);
        return text.AsSpan().IndexOfAny('.', 'E') < 0 ? text + ".0" : text;
    }

    /// <summary>An integer.</summary>
    public static string Text(long integer) => integer.ToString(CultureInfo.InvariantCulture);

    /// <summary>The shortest text that reads back as the same double; a whole number without a point.</summary>
    public static string Plain(double number) => number.ToString("R", CultureInfo.InvariantCulture);
}

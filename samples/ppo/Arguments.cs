using System.Globalization;

namespace Pbt.Samples.Ppo;

/// <summary>Reads command lines made of names, each followed by its value.</summary>
public static class Arguments
{
    /// <summary>Takes the arguments two by two.</summary>
    /// <exception cref="UsageException">A value is missing or empty.</exception>
    public static IEnumerable<(string Name, string Value)> Pairs(IReadOnlyList<string> arguments)
    {
        for (var i = 0; i < arguments.Count; i += 2)
        {
            yield return i + 1 < arguments.Count && arguments[i + 1].Length > 0
                ? (arguments[i], arguments[i + 1])
                : throw new UsageException($"{arguments[i]} needs a value.");
        }
    }

    /// <summary>Reads a whole number above 0.</summary>
    /// <param name="name">Whose value it is.</param>
    /// <param name="value">The text.</param>
    /// <param name="most">The largest that is allowed.</param>
    /// <exception cref="UsageException">It is none, or too large.</exception>
    public static int Count(string name, string value, int most = int.MaxValue)
    {
        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number <= most)
            return number;
        var limit = most < int.MaxValue ? string.Create(CultureInfo.InvariantCulture, $" and at most {most}") : "";
        throw new UsageException($"{name} must be a whole number above 0{limit}, not '{value}'.");
    }

    /// <summary>Reads a number between two others.</summary>
    /// <param name="name">Whose value it is.</param>
    /// <param name="value">The text.</param>
    /// <param name="above">What it must be above; if that is just below 0, 0 is allowed.</param>
    /// <param name="below">What it must be below.</param>
    /// <exception cref="UsageException">It is none, or not between them.</exception>
    public static double Number(string name, string value, double above, double below = double.PositiveInfinity)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > above
            && number < below)
            return number;
        var floor = above < 0 ? "of at least 0" : "above 0";
        var ceiling = double.IsFinite(below) ? $" and below {below.ToString(CultureInfo.InvariantCulture)}" : "";
        throw new UsageException($"{name} must be a number {floor}{ceiling}, not '{value}'.");
    }
}

/// <summary>What the program was told makes no sense.</summary>
public sealed class UsageException(string message) : Exception(message);

using System.Collections.Immutable;

namespace Pbt.Core.SearchSpaces;

/// <summary>What ordinals and categoricals share: a list of values, each equally likely.</summary>
internal static class Choices
{
    /// <summary>What is wrong with the list, as a clause without a full stop, or null.</summary>
    public static string? Check(ImmutableArray<HyperparameterValue> values)
    {
        if (values.IsDefaultOrEmpty)
            return "it has no values";

        var seen = new HashSet<HyperparameterValue>();
        foreach (var value in values)
        {
            if (!seen.Add(value))
                return $"the value {value} is listed twice";
        }

        return null;
    }

    /// <summary>The list, once checked.</summary>
    /// <exception cref="ArgumentException"><see cref="Check"/> objects to the list.</exception>
    public static ImmutableArray<HyperparameterValue> Checked(string name, ImmutableArray<HyperparameterValue> values) =>
        Check(values) is { } objection
            ? throw new ArgumentException($"The hyperparameter '{name}': {objection}.", nameof(values))
            : values;

    /// <summary>The value at a position of the prior.</summary>
    public static HyperparameterValue FromUnit(ImmutableArray<HyperparameterValue> values, double unit) =>
        values[(int)Unit.PartOf(unit, values.Length)];

    /// <summary>The middle of a value's part of the prior.</summary>
    public static double ToUnit(ImmutableArray<HyperparameterValue> values, HyperparameterValue value) =>
        Unit.MiddleOf(IndexOf(values, value), values.Length);

    /// <summary>The value's index; 0 for a value that is not in the list.</summary>
    public static int IndexOf(ImmutableArray<HyperparameterValue> values, HyperparameterValue value) =>
        Math.Max(values.IndexOf(value), 0);

    /// <summary>A hash that agrees with the equality of lists by their values.</summary>
    public static int HashCodeOf(string name, ImmutableArray<HyperparameterValue> values)
    {
        var hash = default(HashCode);
        hash.Add(name, StringComparer.Ordinal);
        foreach (var value in values)
            hash.Add(value);

        return hash.ToHashCode();
    }
}

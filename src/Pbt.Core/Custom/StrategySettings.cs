using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Custom;

/// <summary>The settings that a spec gives a custom strategy: <c>settings: { patience: 3 }</c>.</summary>
/// <remarks>What a strategy does not ask for while it is made is an error, so that no misspelt setting goes unseen. Not thread-safe.</remarks>
public sealed class StrategySettings
{
    private readonly ImmutableSortedDictionary<string, HyperparameterValue> _given;
    private readonly SortedSet<string> _known = new(StringComparer.Ordinal);

    /// <summary>Holds the settings.</summary>
    public StrategySettings(ImmutableSortedDictionary<string, HyperparameterValue> given) => _given = given;

    /// <summary>The names that are given and that nobody asked for.</summary>
    internal IReadOnlyList<string> Unknown => [.. _given.Keys.Where(name => !_known.Contains(name))];

    /// <summary>The names that were asked for.</summary>
    internal IReadOnlyCollection<string> Known => _known;

    /// <summary>A number, or what it is when it is not given.</summary>
    /// <exception cref="InvalidRequestException">It is no number.</exception>
    public double Number(string name, double otherwise) =>
        Find(name, "a number", HyperparameterValueKind.Float, HyperparameterValueKind.Int) is { } value ? value.Number : otherwise;

    /// <summary>An integer, or what it is when it is not given.</summary>
    /// <exception cref="InvalidRequestException">It is no integer.</exception>
    public long Integer(string name, long otherwise) => Find(name, "an integer", HyperparameterValueKind.Int) is { } value ? value.Integer : otherwise;

    /// <summary>A text, or what it is when it is not given.</summary>
    /// <exception cref="InvalidRequestException">It is no text.</exception>
    public string Text(string name, string otherwise) => Find(name, "a text", HyperparameterValueKind.Text) is { } value ? value.Text : otherwise;

    /// <summary>A truth value, or what it is when it is not given.</summary>
    /// <exception cref="InvalidRequestException">It is neither true nor false.</exception>
    public bool Truth(string name, bool otherwise) => Find(name, "true or false", HyperparameterValueKind.Bool) is { } value ? value.Truth : otherwise;

    private HyperparameterValue? Find(string name, string expected, params ReadOnlySpan<HyperparameterValueKind> kinds)
    {
        _known.Add(name);
        if (!_given.TryGetValue(name, out var value))
            return null;

        return kinds.Contains(value.Kind) ? value : throw new InvalidRequestException($"the setting '{name}' is {value}; expected {expected}");
    }
}

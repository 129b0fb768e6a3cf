using System.Collections;
using System.Collections.Immutable;

namespace Pbt.Core.SearchSpaces;

/// <summary>A value for each hyperparameter of a search space, in the space's order.</summary>
/// <remarks>Immutable and thread-safe. Two are equal when names, order and exact values are.</remarks>
public sealed class Hyperparameters : IReadOnlyList<KeyValuePair<string, HyperparameterValue>>, IEquatable<Hyperparameters>
{
    /// <summary>No hyperparameters at all.</summary>
    public static readonly Hyperparameters Empty = new([]);

    private readonly ImmutableArray<KeyValuePair<string, HyperparameterValue>> _entries;

    /// <summary>Holds the entries in the order given.</summary>
    public Hyperparameters(ImmutableArray<KeyValuePair<string, HyperparameterValue>> entries) => _entries = entries;

    /// <inheritdoc/>
    public int Count => _entries.Length;

    /// <inheritdoc/>
    public KeyValuePair<string, HyperparameterValue> this[int index] => _entries[index];

    /// <summary>The value of the hyperparameter of this name.</summary>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public HyperparameterValue this[string name] =>
        TryGet(name, out var value) ? value : throw new KeyNotFoundException($"There is no hyperparameter '{name}'.");

    /// <summary>Finds a value by name.</summary>
    public bool TryGet(string name, out HyperparameterValue value)
    {
        foreach (var entry in _entries)
        {
            if (string.Equals(entry.Key, name, StringComparison.Ordinal))
            {
                value = entry.Value;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, HyperparameterValue>> GetEnumerator() =>
        ((IEnumerable<KeyValuePair<string, HyperparameterValue>>)_entries).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <inheritdoc/>
    public bool Equals(Hyperparameters? other)
    {
        if (ReferenceEquals(this, other))
            return true;

        if (other is null || other._entries.Length != _entries.Length)
            return false;

        for (var i = 0; i < _entries.Length; i++)
        {
            if (!string.Equals(_entries[i].Key, other._entries[i].Key, StringComparison.Ordinal) || _entries[i].Value != other._entries[i].Value)
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Hyperparameters);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var entry in _entries)
        {
            hash.Add(entry.Key, StringComparer.Ordinal);
            hash.Add(entry.Value);
        }

        return hash.ToHashCode();
    }

    /// <summary>Name and value of each: <c>learning_rate=0.001 epochs=4</c>.</summary>
    public override string ToString() => string.Join(' ', _entries.Select(static e => $"{e.Key}={e.Value}"));
}

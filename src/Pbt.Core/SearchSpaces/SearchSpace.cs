using System.Collections.Immutable;

namespace Pbt.Core.SearchSpaces;

/// <summary>The hyperparameters of a study: their definitions, in the order of the spec.</summary>
/// <remarks>Immutable and thread-safe. Two are equal when their definitions and their order are.</remarks>
public sealed class SearchSpace : IEquatable<SearchSpace>
{
    /// <summary>Holds the definitions in the order given.</summary>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    public SearchSpace(ImmutableArray<Hyperparameter> definitions)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var definition in definitions)
        {
            if (!names.Add(definition.Name))
                throw new ArgumentException($"The hyperparameter '{definition.Name}' is defined twice.", nameof(definitions));
        }

        Definitions = definitions;
    }

    /// <summary>The definitions, in the order of the spec.</summary>
    public ImmutableArray<Hyperparameter> Definitions { get; }

    /// <summary>The definition of this name, or null.</summary>
    public Hyperparameter? Find(string name) =>
        Definitions.FirstOrDefault(d => string.Equals(d.Name, name, StringComparison.Ordinal));

    /// <summary>Makes the values of all hyperparameters by a function of each one's position and definition.</summary>
    public Hyperparameters Build(Func<int, Hyperparameter, HyperparameterValue> value)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<string, HyperparameterValue>>(Definitions.Length);
        for (var i = 0; i < Definitions.Length; i++)
            entries.Add(new(Definitions[i].Name, value(i, Definitions[i])));

        return new(entries.MoveToImmutable());
    }

    /// <summary>Whether the hyperparameters are those of this space, in its order, each of its type and in its bounds.</summary>
    public bool Contains(Hyperparameters hyperparameters)
    {
        if (hyperparameters.Count != Definitions.Length)
            return false;

        for (var i = 0; i < Definitions.Length; i++)
        {
            var (name, value) = hyperparameters[i];
            if (!string.Equals(name, Definitions[i].Name, StringComparison.Ordinal) || !Definitions[i].Contains(value))
                return false;
        }

        return true;
    }

    /// <inheritdoc/>
    public bool Equals(SearchSpace? other) =>
        ReferenceEquals(this, other) || (other is not null && Definitions.AsSpan().SequenceEqual(other.Definitions.AsSpan()));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchSpace);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var definition in Definitions)
            hash.Add(definition);

        return hash.ToHashCode();
    }
}

using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Collects what is wrong with one spec, in the order of the file.</summary>
internal sealed class SpecErrors(string file)
{
    /// <summary>How many errors are reported at most: more help nobody.</summary>
    public const int Most = 100;

    private readonly List<SpecError> _errors = [];

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>Whether no further error is kept.</summary>
    public bool Full => _errors.Count >= Most;

    /// <summary>Records an error.</summary>
    public void Add(SourcePosition at, string path, string message)
    {
        if (!Full)
            _errors.Add(new(file, at.Line, at.Column, path, message));
    }

    /// <summary>All errors, by line and column.</summary>
    public ImmutableArray<SpecError> InOrder() =>
        [.. _errors.OrderBy(static e => e.Line).ThenBy(static e => e.Column)];
}

using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Collects what is wrong with one file, in its order.</summary>
/// <param name="file">The name that errors show.</param>
/// <param name="what">What the file is to hold.</param>
internal sealed class SpecErrors(string file, string what = "spec")
{
    /// <summary>How many errors are reported at most: more help nobody.</summary>
    public const int Most = 100;

    private readonly List<SpecError> _errors = [];

    /// <summary>What the file is to hold: <c>spec</c>.</summary>
    public string What => what;

    /// <summary>Whether nothing is wrong so far.</summary>
    public bool None => _errors.Count == 0;

    /// <summary>Whether no further error is kept.</summary>
    public bool Full => _errors.Count >= Most;

    /// <summary>Whether something is wrong at a place.</summary>
    public bool Has(SourcePosition at) => _errors.Exists(e => e.Line == at.Line && e.Column == at.Column);

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

using System.Collections.Immutable;
using System.Globalization;

namespace Pbt.Core.Studies;

/// <summary>What reading a spec gave: a complete spec, or everything that is wrong with the text.</summary>
public abstract record SpecResult
{
    private SpecResult()
    {
    }

    /// <summary>The text is a spec.</summary>
    public sealed record Valid(StudySpec Spec) : SpecResult;

    /// <summary>The text is no spec.</summary>
    /// <param name="Errors">At least one, in the order of the file.</param>
    public sealed record Invalid(ImmutableArray<SpecError> Errors) : SpecResult;
}

/// <summary>One thing that is wrong with a spec, and how to mend it.</summary>
/// <param name="File">The file's name, as given to the reader.</param>
/// <param name="Line">From 1.</param>
/// <param name="Column">From 1.</param>
/// <param name="Path">The key, such as <c>hyperparameters.learning_rate.min</c>; empty for the spec as a whole.</param>
/// <param name="Message">A clause that begins in lower case.</param>
public sealed record SpecError(string File, int Line, int Column, string Path, string Message)
{
    /// <summary>As compilers print it: <c>study.yaml:12:5: population: expected an integer, found the text 'many'</c>.</summary>
    public override string ToString()
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"{File}:{Line}:{Column}: ");
        return Path.Length == 0 ? where + Message : $"{where}{Path}: {Message}";
    }
}

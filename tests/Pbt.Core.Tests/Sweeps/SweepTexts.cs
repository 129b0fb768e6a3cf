using System.Collections.Immutable;
using Pbt.Core.Studies;
using Pbt.Core.Sweeps;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Sweeps;

/// <summary>Reads and expands sweeps over small specs.</summary>
internal static class SweepTexts
{
    /// <summary>The studies of a sweep whose specs are all the small valid one.</summary>
    public static ImmutableArray<SweptStudy> Expand(string text, string? spec = null) => Result(text, spec) switch
    {
        SweepExpansionResult.Expanded expanded => expanded.Studies,
        SweepExpansionResult.Invalid invalid => throw new InvalidDataException(string.Join('\n', invalid.Errors)),
        var other => throw new InvalidDataException($"{other}"),
    };

    /// <summary>What is wrong with a sweep, be it the text or a study.</summary>
    public static ImmutableArray<SpecError> Errors(string text, string? spec = null) => SweepReader.Read(text, "sweep.yaml") switch
    {
        SweepResult.Invalid invalid => invalid.Errors,
        _ when Result(text, spec) is SweepExpansionResult.Invalid invalid => invalid.Errors,
        _ => throw new InvalidDataException("The sweep is valid:\n" + text),
    };

    /// <summary>The only thing that is wrong with a sweep, as it is printed.</summary>
    public static string Error(string text, string? spec = null) => Assert.Single(Errors(text, spec)).ToString();

    public static Sweep Read(string text) => SweepReader.Read(text, "sweep.yaml") switch
    {
        SweepResult.Valid valid => valid.Sweep,
        SweepResult.Invalid invalid => throw new InvalidDataException(string.Join('\n', invalid.Errors)),
        var other => throw new InvalidDataException($"{other}"),
    };

    private static SweepExpansionResult Result(string text, string? spec)
    {
        var sweep = Read(text);
        return SweepExpansion.Of(sweep, sweep.Specs.ToDictionary(
            static path => path,
            path => path is "missing.yaml" ? new SpecSource(path, Specs.Directory, Text: null, "there is no file missing.yaml") : new(path, Specs.Directory, spec ?? Specs.Yaml()),
            StringComparer.Ordinal));
    }
}

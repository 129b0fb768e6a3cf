using System.Collections.Immutable;
using Pbt.Core.Studies;
using Pbt.Core.Sweeps;
using Pbt.Runtime.Studies;

namespace Pbt.Cli.Sweeps;

/// <summary>Reads a sweep and the specs that it names from files.</summary>
internal static class SweepFile
{
    /// <summary>The sweep and its studies, every one of which has a valid spec.</summary>
    public sealed record Contents(Sweep Sweep, ImmutableArray<SweptStudy> Studies);

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read, or is no sweep, or a study has no valid spec: the message lists every error.</exception>
    public static Contents Read(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidRequestException($"{path} is a directory; name the sweep in it, such as {Path.Combine(path, "sweep.yaml")}");

        if (!File.Exists(path))
            throw new InvalidRequestException($"there is no file {path}; docs/sweeps.md shows how to write one");

        var sweep = SweepReader.Read(SpecFile.ReadText(path), path) switch
        {
            SweepResult.Valid valid => valid.Sweep,
            SweepResult.Invalid invalid => throw Invalid(path, invalid.Errors),
            _ => throw new NotSupportedException(),
        };
        var folder = Path.GetDirectoryName(path) ?? string.Empty;
        return SweepExpansion.Of(sweep, sweep.Specs.ToDictionary(static spec => spec, spec => SourceOf(Path.Combine(folder, spec)), StringComparer.Ordinal)) switch
        {
            SweepExpansionResult.Expanded expanded => new(sweep, expanded.Studies),
            SweepExpansionResult.Invalid invalid => throw Invalid(path, invalid.Errors),
            _ => throw new NotSupportedException(),
        };
    }

    private static SpecSource SourceOf(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        if (Directory.Exists(path))
            return new(path, directory, Text: null, $"{path} is a directory; name the spec in it, such as {Path.Combine(path, "study.yaml")}");

        if (!File.Exists(path))
            return new(path, directory, Text: null, $"there is no file {path}; the path is relative to this file's folder");

        try
        {
            return new(path, directory, SpecFile.ReadText(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return new(path, directory, Text: null, failure.Message);
        }
    }

    private static InvalidRequestException Invalid(string path, ImmutableArray<SpecError> errors) =>
        new($"{path} is no valid sweep, and nothing was started:{Environment.NewLine}{string.Join(Environment.NewLine, errors)}");
}

using System.Collections.Immutable;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>A small valid spec, one key of the root a line, and ways to change and to read it.</summary>
internal static class Specs
{
    public const string Directory = "/home/user/study";

    private static readonly ImmutableArray<(string Key, string Value)> Minimal =
    [
        ("name", "demo"),
        ("population", "4"),
        ("objective", "{ metric: return, goal: maximize }"),
        ("interval", "{ steps: 100 }"),
        ("budget", "{ intervals: 10 }"),
        ("hyperparameters", "{ lr: { type: float, min: 1.0e-5, max: 1.0e-2, scale: log }, epochs: { type: int, min: 1, max: 10 }, opt: { type: categorical, values: [adam, sgd] } }"),
        ("trainer", "{ command: [python3, train.py, \"{lr}\"] }"),
    ];

    /// <summary>The spec with some keys of the root replaced, added, or (null) removed.</summary>
    public static string Yaml(params (string Key, string? Value)[] changes)
    {
        var lines = Minimal.Select(m => (m.Key, Value: (string?)m.Value)).ToList();
        foreach (var change in changes)
        {
            var at = lines.FindIndex(l => string.Equals(l.Key, change.Key, StringComparison.Ordinal));
            if (at < 0)
                lines.Add(change);
            else
                lines[at] = change;
        }

        return string.Concat(lines.Where(static l => l.Value is not null).Select(static l => $"{l.Key}: {l.Value}\n"));
    }

    public static StudySpec Valid(params (string Key, string? Value)[] changes) => Read(Yaml(changes));

    public static StudySpec Read(string text) => SpecReader.Read(text, "study.yaml", Directory) switch
    {
        SpecResult.Valid valid => valid.Spec,
        SpecResult.Invalid invalid => throw new InvalidDataException(string.Join('\n', invalid.Errors)),
        var other => throw new InvalidDataException($"{other}"),
    };

    public static ImmutableArray<SpecError> Errors(string text) => SpecReader.Read(text, "study.yaml", Directory) switch
    {
        SpecResult.Invalid invalid => invalid.Errors,
        _ => throw new InvalidDataException("The spec is valid:\n" + text),
    };

    /// <summary>The only error of the spec with these changes.</summary>
    public static SpecError Error(params (string Key, string? Value)[] changes)
    {
        var errors = Errors(Yaml(changes));
        return errors.Length == 1 ? errors[0] : throw new InvalidDataException("Expected one error:\n" + string.Join('\n', errors));
    }
}

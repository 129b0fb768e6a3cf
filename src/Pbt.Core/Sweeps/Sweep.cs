using System.Collections.Immutable;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>Several studies that one file names, as it is written: nothing is expanded yet.</summary>
/// <remarks>Immutable. Made by <see cref="SweepReader"/>, expanded by <see cref="SweepExpansion"/>.</remarks>
public sealed class Sweep
{
    /// <summary>The most runs that a sweep may have.</summary>
    public const int MostRuns = 10_000;

    internal Sweep(string file, string name, int atOnce, ImmutableArray<SweepSetting> set, ImmutableArray<SweepEntry> entries) =>
        (File, Name, AtOnce, Set, Entries) = (file, name, atOnce, set, entries);

    /// <summary>The name that errors show.</summary>
    public string File { get; }

    /// <summary>The sweep's name: what a study's name may be.</summary>
    public string Name { get; }

    /// <summary>How many runs may go on at a time, at least 1. Default 1.</summary>
    public int AtOnce { get; }

    /// <summary>The spec files that it names, each once, as they are written.</summary>
    public IReadOnlyList<string> Specs => [.. Entries.Select(static e => e.Spec).Distinct(StringComparer.Ordinal)];

    internal ImmutableArray<SweepSetting> Set { get; }

    internal ImmutableArray<SweepEntry> Entries { get; }
}

/// <summary>What reading a sweep gave: all of it, or everything that is wrong with the text.</summary>
public abstract record SweepResult
{
    private SweepResult()
    {
    }

    /// <summary>The text is a sweep.</summary>
    public sealed record Valid(Sweep Sweep) : SweepResult;

    /// <summary>The text is none.</summary>
    /// <param name="Errors">At least one, in the order of the file.</param>
    public sealed record Invalid(ImmutableArray<SpecError> Errors) : SweepResult;
}

/// <summary>An item of <c>studies</c>.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Spec">The path of its spec, as written.</param>
/// <param name="SpecAt">Where that stands.</param>
/// <param name="Name">The template of its studies' names, or null.</param>
/// <param name="NameAt">Where that stands.</param>
/// <param name="Set">What holds for all of its studies.</param>
/// <param name="List">What each of its studies sets; one empty item where there is no list.</param>
/// <param name="Grid">The keys of which every combination of values is a study.</param>
/// <param name="Seeds">The seeds of each study; empty for the spec's own.</param>
internal sealed record SweepEntry(
    SourcePosition At,
    string Spec,
    SourcePosition SpecAt,
    ArgumentTemplate? Name,
    SourcePosition NameAt,
    ImmutableArray<SweepSetting> Set,
    ImmutableArray<ImmutableArray<SweepSetting>> List,
    ImmutableArray<SweepDimension> Grid,
    ImmutableArray<ulong> Seeds)
{
    /// <summary>How many studies it has.</summary>
    public long Count => Grid.Aggregate((long)List.Length, static (count, dimension) => Math.Min(count, int.MaxValue) * dimension.Values.Length);

    /// <summary>What each of its studies sets besides <see cref="Set"/>: item after item of the list, the last key of the grid fastest.</summary>
    public IEnumerable<ImmutableArray<SweepSetting>> Combinations() => Grid.Aggregate(
        List.AsEnumerable(),
        static (before, dimension) => before.SelectMany(settings => dimension.Values.Select(value => settings.Add(dimension.Setting with { Value = value }))));
}

/// <summary>A key of the spec and the value that it gets.</summary>
/// <param name="Key">Dotted.</param>
/// <param name="At">Where the key stands.</param>
/// <param name="Value">The value as written.</param>
internal sealed record SweepSetting(string Key, SourcePosition At, SpecNode Value)
{
    /// <summary>Whether setting the other one leaves nothing of this one.</summary>
    public bool IsLostTo(SweepSetting later) => new SpecChange(Key, Old: null, New: null).IsIn(later.Key);
}

/// <summary>A key of the grid.</summary>
/// <param name="Setting">The key; its value is the list of values.</param>
/// <param name="Values">The values, at least one.</param>
internal sealed record SweepDimension(SweepSetting Setting, ImmutableArray<SpecNode> Values);

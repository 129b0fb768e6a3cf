using System.Globalization;

namespace Pbt.Core.Population;

/// <summary>The index of a member: 0 … N−1.</summary>
public readonly record struct MemberId(int Value) : IComparable<MemberId>
{
    /// <inheritdoc/>
    public int CompareTo(MemberId other) => Value.CompareTo(other.Value);

    /// <summary>The name shown to people: <c>m3</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"m{Value}");
}

/// <summary>The number of an attempt: 1, 2, … in the order of the study's log, never used twice.</summary>
public readonly record struct AttemptId(long Value) : IComparable<AttemptId>
{
    /// <summary>The highest number: 18 digits.</summary>
    public const long Highest = 999_999_999_999_999_999;

    /// <inheritdoc/>
    public int CompareTo(AttemptId other) => Value.CompareTo(other.Value);

    /// <summary>The name shown to people and used in paths: <c>a000123</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"a{Value:D6}");
}

/// <summary>The name of a worker: unique in its study, chosen by the worker as it joins.</summary>
/// <remarks>It is the name of a file, too: letters (a to z), digits, <c>.</c>, <c>_</c> and <c>-</c>, a dot not at the start, at most 200.</remarks>
public readonly record struct WorkerId(string Value)
{
    private const int Longest = 200;

    /// <summary>Whether the name is one that a worker may have. A study's log with another is damaged.</summary>
    public bool IsValid =>
        Value is { Length: > 0 and <= Longest } && Value[0] != '.' && Value.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names a checkpoint by the attempt that produced it.</summary>
/// <param name="Member">The member that trained it.</param>
/// <param name="Interval">The interval at whose end it was written, from 1.</param>
/// <param name="Attempt">The attempt that wrote it.</param>
public readonly record struct CheckpointId(MemberId Member, int Interval, AttemptId Attempt)
{
    /// <summary>The path below the study's <c>checkpoints</c> directory: <c>m0003/i000007-a000123</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"m{Member.Value:D4}/i{Interval:D6}-{Attempt}");
}

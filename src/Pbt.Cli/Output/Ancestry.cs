using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Cli.Output;

/// <summary>Which study a fork comes from, and which forks a study has.</summary>
internal static partial class Ancestry
{
    private const int MostForks = 20;

    /// <summary>The study's parent in words, or null: <c>cartpole after interval 20, in /studies/cartpole</c>.</summary>
    public static string? Parent(StudySpec spec) =>
        spec.Ancestor is { } ancestor ? $"{ancestor.Study} after interval {ancestor.Interval}, in {Words.OneLine(ancestor.Directory)}" : null;

    /// <summary>What a member began with, in words: <c>m3's weights of interval 20 of cartpole</c>; null is from scratch.</summary>
    public static string? Beginning(StudySpec spec, MemberId member)
    {
        if (spec.StartOf(member.Value) is not { } path)
            return null;

        return spec.Ancestor is { } ancestor && Origin(path) is var (origin, interval)
            ? $"{origin}'s weights of interval {interval} of {ancestor.Study}"
            : $"the weights in {Words.OneLine(path)}";
    }

    /// <summary>Writes the forks of a study, and those of one member's checkpoints only if it is given.</summary>
    public static void WriteForks(TextWriter output, StudyState state, MemberId? member, int width)
    {
        var forks = Of(state, member);
        foreach (var fork in forks.TakeLast(MostForks))
            StudyText.Field(output, "fork", Words.Fork(fork), width);

        if (forks.Count > MostForks)
            StudyText.Field(output, "forks", $"{forks.Count} in all", width);
    }

    /// <summary>Writes the parent: an object, or null.</summary>
    public static void WriteParent(Utf8JsonWriter writer, StudySpec spec)
    {
        if (spec.Ancestor is not { } ancestor)
        {
            writer.WriteNull("ancestor");
            return;
        }

        writer.WriteStartObject("ancestor");
        writer.WriteString("study", ancestor.Study);
        writer.WriteString("directory", ancestor.Directory);
        writer.WriteNumber("interval", ancestor.Interval);
        writer.WriteEndObject();
    }

    /// <summary>Writes the forks of a study, or of one member's checkpoints.</summary>
    public static void WriteForks(Utf8JsonWriter writer, StudyState state, MemberId? member)
    {
        writer.WriteStartArray("forks");
        foreach (var fork in Of(state, member))
        {
            writer.WriteStartObject();
            writer.WriteString("study", fork.Study);
            writer.WriteString("directory", fork.Directory);
            writer.WriteNumber("interval", fork.Interval);
            writer.WriteStartArray("checkpoints");
            foreach (var checkpoint in fork.Checkpoints.Where(c => member is null || c.Member == member))
                writer.WriteStringValue(checkpoint.ToString());

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes what a member began with: an object, or null for from scratch.</summary>
    public static void WriteBeginning(Utf8JsonWriter writer, StudySpec spec, MemberId member)
    {
        if (spec.StartOf(member.Value) is not { } path)
        {
            writer.WriteNull("began_with");
            return;
        }

        (MemberId Member, int Interval)? origin = spec.Ancestor is null ? null : Origin(path);
        writer.WriteStartObject("began_with");
        writer.WriteString("checkpoint", path);
        writer.WriteMember("member", origin?.Member);
        writer.WriteCountOrNull("interval", origin?.Interval);
        writer.WriteNumber("steps", spec.StartStepsOf(member.Value));
        writer.WriteEndObject();
    }

    private static List<StudyForked> Of(StudyState state, MemberId? member) =>
        [.. state.Forks.Where(f => member is null || f.Checkpoints.Any(c => c.Member == member))];

    private static (MemberId Member, int Interval)? Origin(string path) => CheckpointPath().Match(path) is { Success: true } match
        ? (new MemberId(int.Parse(match.Groups["member"].ValueSpan, CultureInfo.InvariantCulture)), int.Parse(match.Groups["interval"].ValueSpan, CultureInfo.InvariantCulture))
        : null;

    [GeneratedRegex("/m(?<member>[0-9]{4,9})/i(?<interval>[0-9]{6,9})-a[0-9]{6,18}$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CheckpointPath();
}

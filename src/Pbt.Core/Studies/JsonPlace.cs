using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Pbt.Core.Studies;

/// <summary>Names one place in a JSON document: <c>$.job.jobStatus.status</c>, <c>$.items[0]['the id']</c>.</summary>
/// <remarks>Immutable and pure. It is the part of RFC 9535 that selects at most one value: names and indices.</remarks>
public sealed class JsonPlace
{
    private static readonly SearchValues<char> NotInAName = SearchValues.Create("]'\" ?@");

    private readonly ImmutableArray<Step> _steps;

    private JsonPlace(ImmutableArray<Step> steps) => _steps = steps;

    /// <summary>Parses a path, or says what is wrong with it.</summary>
    /// <param name="text">The path.</param>
    /// <param name="objection">A clause, where null is returned.</param>
    public static JsonPlace? TryParse(string text, out string? objection)
    {
        objection = "it has to begin with $, as in $.job.id";
        if (!text.StartsWith('$'))
            return null;

        var steps = ImmutableArray.CreateBuilder<Step>();
        var rest = text.AsSpan(1);
        while (rest.Length > 0)
        {
            var length = rest[0] switch
            {
                '.' => Dotted(rest, steps),
                '[' => Bracketed(rest, steps),
                _ => 0,
            };
            if (length == 0)
            {
                objection = $"at '{rest}': write .name, ['any name'] or [0] for each step";
                return null;
            }

            rest = rest[length..];
        }

        objection = null;
        return new(steps.ToImmutable());
    }

    /// <summary>The text, number or truth value at the place; null if nothing leads there, or to something else.</summary>
    /// <param name="document">Where to look.</param>
    /// <param name="fill">Fills the placeholders that names may hold.</param>
    public string? Find(JsonElement document, Func<string, string> fill)
    {
        var at = document;
        foreach (var step in _steps)
        {
            if (step.Name is { } name ? at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(fill(name), out at) : !TryIndex(ref at, step.Index))
                return null;
        }

        return at.ValueKind switch
        {
            JsonValueKind.String => at.GetString(),
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => at.GetRawText(),
            _ => null,
        };
    }

    private static bool TryIndex(ref JsonElement at, int index)
    {
        if (at.ValueKind != JsonValueKind.Array || index >= at.GetArrayLength())
            return false;

        at = at[index];
        return true;
    }

    private static int Dotted(ReadOnlySpan<char> rest, ImmutableArray<Step>.Builder steps)
    {
        var end = rest[1..].IndexOfAny('.', '[', '*');
        var name = end < 0 ? rest[1..] : rest.Slice(1, end);
        if (name.Length == 0 || name.ContainsAny(NotInAName))
            return 0;

        steps.Add(new(name.ToString(), 0));
        return name.Length + 1;
    }

    private static int Bracketed(ReadOnlySpan<char> rest, ImmutableArray<Step>.Builder steps)
    {
        if (rest.Length > 1 && rest[1] is '\'' or '"')
        {
            var close = rest[2..].IndexOf(rest[1]);
            if (close < 0 || rest.Length < close + 4 || rest[close + 3] != ']')
                return 0;

            steps.Add(new(rest.Slice(2, close).ToString(), 0));
            return close + 4;
        }

        var end = rest.IndexOf(']');
        if (end < 0 || !int.TryParse(rest[1..end], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            return 0;

        steps.Add(new(null, index));
        return end + 1;
    }

    private readonly record struct Step(string? Name, int Index);
}

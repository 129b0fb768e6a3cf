using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads where something stands in what a scheduler's program prints.</summary>
internal static class OutputSection
{
    private static readonly TimeSpan CompileTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Reads <c>{ regex: … }</c> or <c>{ json: … }</c>.</summary>
    /// <param name="value">The section, or null where there is none.</param>
    /// <param name="keys">Its keys.</param>
    public static OutputRule? Read(SpecValue? value, SpecSection keys)
    {
        if (value?.Section(keys) is not { } section)
            return null;

        if (section.Has("regex") == section.Has("json"))
        {
            section.Fail("write either regex: 'job ([0-9]+)' or json: $.job.id");
            return null;
        }

        if (section.Value("regex") is { } pattern)
            return Pattern(pattern, mustCapture: true) is { } text ? new PatternRule(text) : null;

        var json = section.Value("json")!;
        ImmutableArray<SpecValue> places = json.Node is ListNode ? json.List("json: [$.job.id, $.id]")!.Value : [json];
        if (places.Length == 0)
            json.Fail("the list is empty; write json: $.job.id");

        var paths = places.Select(Place).ToList();
        return paths.Count == 0 || paths.Contains(null) ? null : new JsonRule([.. paths.Select(static p => p!)]);
    }

    /// <summary>Reads a regular expression in which <c>{job}</c> and <c>{name}</c> stand for a job's.</summary>
    /// <param name="value">The text.</param>
    /// <param name="mustCapture">Whether it needs a group.</param>
    public static string? Pattern(SpecValue value, bool mustCapture)
    {
        if (value.Text() is not { } pattern)
            return null;

        try
        {
            var sample = pattern.Replace("{job}", "1", StringComparison.Ordinal).Replace("{name}", "n", StringComparison.Ordinal);
            if (new Regex(sample, RegexOptions.CultureInvariant | RegexOptions.Multiline, CompileTimeout).GetGroupNumbers().Length < 2 && mustCapture)
                value.Fail("the regular expression has no group; put what is looked for in parentheses, such as 'job ([0-9]+)'");
        }
        catch (ArgumentException damaged)
        {
            value.Fail($"the regular expression does not compile: {ScalarNode.Shorten(damaged.Message.TrimEnd('.'), most: 300)}");
        }

        return pattern;
    }

    private static string? Place(SpecValue value)
    {
        if (value.Text() is not { } path)
            return null;

        if (JsonPlace.TryParse(path, out var objection) is not null)
            return path;

        value.Fail($"'{ScalarNode.Shorten(path)}' is no JSON path: {objection}");
        return null;
    }
}

using System.Text;
using System.Text.RegularExpressions;

namespace Pbt.Docs.Tests.Pages;

/// <summary>A page of Markdown, as far as the tests understand it.</summary>
internal sealed partial class DocPage
{
    private DocPage(string path, IReadOnlyList<Fence> fences, string prose)
    {
        RelativePath = path;
        Fences = fences;
        Prose = prose;
    }

    /// <summary>Its path from the repository's root.</summary>
    public string RelativePath { get; }

    /// <summary>Its fenced blocks, in order.</summary>
    public IReadOnlyList<Fence> Fences { get; }

    /// <summary>What is outside of them, with comments and code taken out.</summary>
    public string Prose { get; }

    /// <summary>The names that links can lead to.</summary>
    public IReadOnlySet<string> Anchors { get; private init; } = new HashSet<string>(StringComparer.Ordinal);

    /// <summary>Reads a page.</summary>
    public static DocPage Read(string path)
    {
        var (fences, prose) = Split(File.ReadAllLines(Repository.At(path)));
        return new DocPage(path, fences, InlineCode().Replace(Comment().Replace(prose, string.Empty), "``")) { Anchors = AnchorsOf(prose) };
    }

    private static (List<Fence> Fences, string Prose) Split(string[] lines)
    {
        var (fences, prose, marks) = (new List<Fence>(), new StringBuilder(), new Dictionary<string, string>(StringComparer.Ordinal));
        for (var i = 0; i < lines.Length; i++)
        {
            var line = lines[i];
            if (line.StartsWith("```", StringComparison.Ordinal))
            {
                var text = new StringBuilder();
                var opening = i;
                for (i++; i < lines.Length && lines[i] != "```"; i++)
                    text.Append(lines[i]).Append('\n');

                fences.Add(new Fence(opening + 1, line[3..], text.ToString(), marks));
                marks = new(StringComparer.Ordinal);
            }
            else
            {
                prose.Append(line).Append('\n');
                if (MarkComment().Match(line) is { Success: true } mark)
                    marks[mark.Groups["name"].Value] = mark.Groups["value"].Value;
                else
                    marks = new(StringComparer.Ordinal);
            }
        }

        return (fences, prose.ToString());
    }

    /// <summary>The anchors of headings, as GitHub makes them.</summary>
    private static HashSet<string> AnchorsOf(string prose)
    {
        var anchors = new HashSet<string>(StringComparer.Ordinal);
        foreach (var heading in Heading().Matches(prose).Cast<Match>())
        {
            var kept = heading.Groups["text"].Value.Trim().ToLowerInvariant().Where(static c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '_');
            var anchor = string.Concat(kept).Replace(' ', '-');
            for (var (again, name) = (1, anchor); !anchors.Add(name); again++)
                name = FormattableString.Invariant($"{anchor}-{again}");
        }

        return anchors;
    }

    [GeneratedRegex("^<!-- (?<name>[a-z ]+): (?<value>.*) -->$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex MarkComment();

    [GeneratedRegex("<!--.*?-->", RegexOptions.CultureInvariant | RegexOptions.Singleline, 5000)]
    private static partial Regex Comment();

    [GeneratedRegex("``[^`].*?``|`[^`\n]+`", RegexOptions.CultureInvariant, 5000)]
    private static partial Regex InlineCode();

    [GeneratedRegex("^#+ (?<text>.*)$", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Heading();
}

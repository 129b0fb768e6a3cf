using System.Text;
using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>Draws the ancestry of the current members as a graph of ASCII characters.</summary>
/// <remarks>
/// A line of descent keeps its column; of several children the one with the most descendants stays in it and the others
/// branch off to the right. So the graph is at most log₂ N columns of branches wide, however long the study was.
/// </remarks>
internal sealed class LineageText
{
    private const int LeastLabel = 18;
    private const int MostBeginnings = 20;

    private readonly List<(string Graph, IReadOnlyList<LineageNode> Run)> _rows = [];

    private LineageText()
    {
    }

    /// <summary>The lines of the graph.</summary>
    public static IEnumerable<string> Lines(StudyState state, LineageTree tree, int width)
    {
        var text = new LineageText();
        foreach (var root in tree.Roots)
        {
            if (text._rows.Count > 0)
                text._rows.Add((string.Empty, []));

            text.Draw(root, column: string.Empty, lead: "o ");
        }

        return Wrapped([Title(state, tree)], width).Concat(text.Render(tree, width)).Concat(Wrapped([.. Beginnings(state, tree), .. Damage(state), .. Legend(tree)], width));
    }

    /// <summary>Lines that are too long go on below themselves, a little to the right.</summary>
    private static IEnumerable<string> Wrapped(IEnumerable<string> lines, int width)
    {
        foreach (var line in lines)
        {
            if (line.Length <= width)
            {
                yield return line;
                continue;
            }

            var indent = line[..^line.TrimStart().Length];
            var first = true;
            foreach (var part in TextTable.Wrap(line.TrimStart(), width - indent.Length - 2))
            {
                yield return indent + (first ? part : "  " + part);
                first = false;
            }
        }
    }

    private static string Title(StudyState state, LineageTree tree)
    {
        var members = state.Members.Count(static m => m.Phase != MemberPhase.Retired);
        return $"{state.Spec.Name}: the weights of {Words.Count(members, "member")} come from {tree.Roots.Count} of {state.Members.Count} initial ones";
    }

    /// <summary>What the initial members that are left began with, where that was not from scratch.</summary>
    private static IEnumerable<string> Beginnings(StudyState state, LineageTree tree)
    {
        if (Ancestry.Parent(state.Spec) is { } parent)
            yield return $"forked from {parent}";

        var roots = tree.Roots.Select(static r => r.Id.Member).Concat(tree.Untrained).Distinct().Order().ToList();
        foreach (var member in roots.Take(MostBeginnings))
        {
            if (Ancestry.Beginning(state.Spec, member) is { } beginning)
                yield return $"  {member} began with {beginning}";
        }

        if (roots.Count > MostBeginnings && state.Spec.Ancestor is not null)
            yield return $"  … and {roots.Count - MostBeginnings} more (`pbt lineage --json` has all)";
    }

    private static IEnumerable<string> Damage(StudyState state) =>
        from member in state.Members
        where state.IsDamaged(member.Start)
        select $"{member.Id}'s checkpoint {member.Start} is damaged: it goes on from something else when it starts";

    private static IEnumerable<string> Legend(LineageTree tree)
    {
        if (tree.Untrained.Count > 0)
            yield return $"no checkpoint yet: {Names(tree.Untrained)}";

        if (tree.Roots.Count == 0)
            yield break;

        yield return string.Empty;
        yield return "o   intervals in a row, with the first and the last score";
        yield return "|-o branches off: others that started from the same checkpoint";
        yield return "=   the members that hold these weights now";
    }

    /// <summary>Draws a line of descent and, before each of its continuations, what branches off.</summary>
    private void Draw(LineageNode? start, string column, string lead)
    {
        for (var node = start; node is not null; lead = column + "o ")
        {
            var run = new List<LineageNode> { node };
            while (run[^1] is { Children.Count: 1, Holders.Count: 0 } inner)
                run.Add(inner.Children[0]);

            _rows.Add((lead, run));
            var end = run[^1];
            node = end.Children.Where(c => c.Id.Member == end.Id.Member).Concat(end.Children).MaxBy(static c => c.Descendants);
            foreach (var child in end.Children)
            {
                if (child != node)
                    Draw(child, column + "| ", column + "|-o ");
            }
        }
    }

    private IEnumerable<string> Render(LineageTree tree, int width)
    {
        var graph = _rows.Select(static r => r.Graph.Length).DefaultIfEmpty().Max();
        var scores = _rows.Select(static r => Scores(r.Run).Length).DefaultIfEmpty().Max();
        var label = Math.Max(LeastLabel, width - graph - scores - 16);
        label = Math.Min(label, _rows.Where(static r => r.Run.Count > 0).Select(r => Label(r.Run, label).Length).DefaultIfEmpty().Max());
        yield return string.Empty;
        foreach (var (lead, run) in _rows)
        {
            var line = new StringBuilder(lead.PadRight(graph));
            if (run.Count > 0)
                line.Append(Label(run, label).PadRight(label)).Append("  ").Append(Scores(run).PadRight(scores));

            if (run.Count > 0 && run[^1].Holders.Count > 0)
                line.Append("  = ").Append(Words.Fit(Names(run[^1].Holders), Math.Max(8, width - line.Length)));

            yield return line.ToString().TrimEnd();
        }

        if (tree.Untrained.Count > 0 && tree.Roots.Count > 0)
            yield return string.Empty;
    }

    private static string Names(IReadOnlyList<MemberId> members) => string.Join(", ", members);

    private static string Scores(IReadOnlyList<LineageNode> run) => run.Count switch
    {
        0 => string.Empty,
        1 => Words.Score(run[0].Record.Score),
        _ => $"{Words.Score(run[0].Record.Score)} -> {Words.Score(run[^1].Record.Score)}",
    };

    /// <summary>Who trained the run: <c>m3 1-14, m12 15-20</c>; the middle is left out where it is too long.</summary>
    private static string Label(IReadOnlyList<LineageNode> run, int width)
    {
        var parts = Parts(run);
        var whole = string.Join(", ", parts);
        for (var kept = parts.Count - 1; whole.Length > width && kept >= 2; kept--)
            whole = string.Join(", ", parts.Take(kept - 1).Append($"... {parts.Count - kept} more").Append(parts[^1]));

        return Words.Fit(whole, width);
    }

    private static List<string> Parts(IReadOnlyList<LineageNode> run)
    {
        var parts = new List<string>();
        var first = 0;
        for (var i = 1; i <= run.Count; i++)
        {
            if (i < run.Count && run[i].Id.Member == run[first].Id.Member)
                continue;

            var (from, to) = (run[first].Record.Interval, run[i - 1].Record.Interval);
            parts.Add(from == to ? $"{run[first].Id.Member} {from}" : $"{run[first].Id.Member} {from}-{to}");
            first = i;
        }

        return parts;
    }
}

using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class LineageCommandTests
{
    [Fact]
    public async Task The_graph_keeps_the_line_with_most_descendants_and_branches_off_the_others()
    {
        using var study = TestStudy.Branching();

        Assert.Equal(
            """
            demo: the weights of 4 members come from 1 of 4 initial ones

            o   m2 1, m3 2  1.2 -> 5
            |-o m0 3-4      3 -> 7    = m0
            o   m3 3        6
            |-o m3 4        6.5       = m3
            o   m1 4        8         = m1, m2

            o   intervals in a row, with the first and the last score
            |-o branches off: others that started from the same checkpoint
            =   the members that hold these weights now

            """,
            (await study.RunAsync("lineage", "DIR")).Out);
    }

    [Fact]
    public async Task A_large_and_long_study_stays_within_80_columns()
    {
        using var study = new TestStudy(TestStudy.Default with { Population = 30, Budget = new Budget(Intervals: 60) });
        for (var round = 0; round < 60; round++)
        {
            var at = round;
            study.RunRound(member => ((member * 7919) + (at * 104729)) % 97);
        }

        var lines = (await study.RunAsync("lineage", "DIR")).Out.Split('\n');

        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
        Assert.InRange(lines.Length, 5, 100);
        for (var member = 0; member < 30; member++)
            Assert.Single(lines, line => line.Split(" = ")[^1].Split(", ").Contains($"m{member}", StringComparer.Ordinal) && line.Contains(" = ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Long_names_do_not_make_lines_longer_than_80_columns()
    {
        using var study = new TestStudy(TestStudy.Default with { Name = "a-study-with-a-name-that-is-rather-long-for-a-terminal" }).RunRounds(2);

        var lines = (await study.RunAsync("lineage", "DIR")).Out.Split('\n');

        Assert.All(lines, static line => Assert.InRange(line.Length, 0, 80));
        Assert.Equal("a-study-with-a-name-that-is-rather-long-for-a-terminal: the weights of 4", lines[0]);
        Assert.StartsWith("  members come from ", lines[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_JSON_names_nodes_edges_and_members()
    {
        using var study = TestStudy.Branching();

        var json = (await study.RunAsync("lineage", "DIR", "--json")).Json;

        JsonKeys.AssertHas(json, "study", "nodes", "edges", "members");
        Assert.All(json["nodes"]!.AsArray(), static n => JsonKeys.AssertHas(n, "id", "member", "interval", "score", "steps", "hyperparameters"));
        Assert.All(json["edges"]!.AsArray(), static e => JsonKeys.AssertHas(e, "from", "to", "kind"));
        Assert.Equal(json["nodes"]!.AsArray().Count - 1, json["edges"]!.AsArray().Count);
        Assert.Equal(3, json["edges"]!.AsArray().Count(static e => e!["kind"]!.ToString() is "inherited"));
        Assert.Equal("m0001/i000004-a000014", (string?)json["members"]![2]!["node"]);
    }

    [Fact]
    public async Task Before_anything_completed_nobody_has_ancestors()
    {
        using var study = new TestStudy();

        var printed = await study.RunAsync("lineage", "DIR");

        Assert.Contains("no checkpoint yet: m0, m1, m2, m3", printed.Out, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, printed.Exit);
    }
}

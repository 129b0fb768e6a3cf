using Pbt.Cli.Comparisons;
using Pbt.Cli.Sweeps;
using Pbt.Core.Comparisons;
using Pbt.Core.Sweeps;
using Pbt.Storage;

namespace Pbt.Cli.Tests.Output;

public sealed class SweepViewTests
{
    [Fact]
    public void Lines_tell_beginnings_and_ends_at_once_and_progress_every_ten_seconds()
    {
        using var study = new TestStudy().RunRounds(2);
        var (one, other) = (Run("one"), Run("other"));
        var output = new StringWriter();
        var board = Board(study, new PlainSweepView(output, study.Time), one, other);

        board.Started(one);
        board.Started(other);
        board.ViewOf(one).Show(study.State, []);
        study.Time.Now += TimeSpan.FromSeconds(10);
        board.ViewOf(one).Show(study.State, []);
        board.ViewOf(one).Show(study.State, []);
        board.Ended(new(one, new RunState.Completed(new EndedRun(new RunOutcome { Seed = 1, Final = 2, Best = 3, Steps = 4, Curve = [] }, "dir"))));
        board.Ended(new(other, new RunState.Failed("no member can\nmake progress")));
        board.ViewOf(other).End(study.State);

        Assert.Equal(
            """
            12:00:20 one/seed-11 started (log: /runs/one/seed-11.log); 0 of 2 runs completed
            12:00:20 other/seed-11 started (log: /runs/other/seed-11.log); 0 of 2 runs completed
            12:00:30 one/seed-11 running: 8 of 24 intervals (33%), best PROGRESS
            12:00:30 other/seed-11 starting
            12:00:30 one/seed-11 completed, best 3; 1 of 2 runs completed
            12:00:30 other/seed-11 failed: no member can make progress; 1 of 2 runs completed, 1 failed

            """,
            System.Text.RegularExpressions.Regex.Replace(output.ToString(), "best .* by .*", "best PROGRESS", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1)));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(40, 12)]
    [InlineData(20, 6)]
    public void A_picture_fits_the_terminal_however_many_run(int width, int height)
    {
        List<(string, string)> going = [.. Enumerable.Range(0, 40).Select(static i => ($"[study]-{i}/seed-1", new string('x', 200)))];

        var lines = SweepFrame.Lines(new("s", 50, 3, 1, going), [(default, new string('y', 300))], TimeProvider.System, width, height);

        Assert.InRange(lines.Count, 3, height - 1);
        Assert.All(lines, line => Assert.InRange(Spectre.Console.Markup.Remove(line).Length, 0, width));
        Assert.StartsWith("s  3 of 50 runs", Spectre.Console.Markup.Remove(lines[0]), StringComparison.Ordinal);
    }

    private static SweepBoard Board(TestStudy study, ISweepView view, params SweepRun[] runs) =>
        new("s", [.. runs.Select(static run => new StandingRun(run, new RunState.New()))], view, study.Time);

    private static SweepRun Run(string name) =>
        new(new SweptStudy(name, TestStudy.Default with { Name = name }, [11], []), 11, new StudyDirectory($"/runs/{name}/seed-11"));
}

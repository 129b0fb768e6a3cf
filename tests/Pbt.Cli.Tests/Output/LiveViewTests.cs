using Pbt.Cli.Output;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Spectre.Console;

namespace Pbt.Cli.Tests.Output;

public sealed class LiveViewTests
{
    [Fact]
    public void A_picture_fits_80_columns_without_colour()
    {
        using var study = TestStudy.Branching();
        study.Fail(study.Claim(), "boom");
        study.Claim();
        study.Time.Now += TimeSpan.FromSeconds(4);

        Assert.Equal(
            """
            demo  running  synchronous                                  44s, about 22s left
            ████████████████████████░░░░░░░░░░░░ 67%  16/24 intervals, 1 running, 1 worker

            member  state      interval  score  donor  trend         changed
            m1      ready           4/6      8  m3     ▂▃▁█          learning_rate=0.004017
            m0      running         4/6      7  -      ▂▁▄█          learning_rate=0.006026
            m3      ready           4/6    6.5  -      ▁▇██          learning_…=0.005021 +1
            m2      ready           4/6      0  m1     ▃▆█▁          learning_rate=0.003214

            best  m1 at interval 4, score 8
                  checkpoints/m0001/i000004-a000014

            12:00:05 m7 was rescued by m2 [brackets]

            """,
            Drawn(study, 80, 30, new News(new DateTimeOffset(2026, 1, 1, 12, 0, 5, TimeSpan.Zero), NewsKind.Inheritance, "m7 was rescued by m2 [brackets]")));
    }

    [Theory]
    [InlineData(80, 24)]
    [InlineData(80, 12)]
    [InlineData(40, 15)]
    [InlineData(20, 8)]
    [InlineData(200, 60)]
    public void No_line_wraps_and_the_picture_fits_the_terminal(int width, int height)
    {
        var space = new SearchSpace(
        [
            new FloatHyperparameter("a_rather_long_name_of_a_hyperparameter", 0.1, 1, Scale.Log),
            new CategoricalHyperparameter("[x]", [HyperparameterValue.Of("[bold]学习率学习率学习率[/]"), HyperparameterValue.Of("plain")]),
        ]);
        using var study = new TestStudy(TestStudy.Default with { Population = 40, Hyperparameters = space, Budget = new Budget(Intervals: 5) }).RunRounds(5);

        var lines = Drawn(study, width, height, Enumerable.Range(0, 9).Select(static i => new News(default, NewsKind.Failure, $"[{i}] {new string('x', 300)}")).ToArray()).TrimEnd('\n').Split('\n');

        Assert.InRange(lines.Length, 3, height - 1);
        Assert.All(lines, line => Assert.InRange(line.Length, 0, width - 1));
        Assert.StartsWith("demo", lines[0], StringComparison.Ordinal);
    }

    [Fact]
    public void Members_that_do_not_fit_are_counted()
    {
        using var study = new TestStudy(TestStudy.Default with { Population = 40 }).RunRounds(2);

        var lines = Drawn(study, 80, 24).Split('\n');

        var shown = lines.Count(static l => l.Contains(" 2/6 ", StringComparison.Ordinal));
        Assert.Contains($"… {40 - shown} more", lines, StringComparer.Ordinal);
        Assert.True(shown >= 8, $"only {shown} members are shown");
    }

    [Fact]
    public void A_long_name_gives_way_to_the_time_that_is_left()
    {
        using var study = new TestStudy(TestStudy.Default with { Name = "a-study-with-a-name-that-is-rather-long-for-a-terminal" }).RunRounds(2);
        study.Time.Now += TimeSpan.FromHours(3);

        var title = Drawn(study, 80, 24).Split('\n')[0];

        Assert.Matches("^a-study-with-a-[a-z-]*…  running  asynchronous  .*, about .* left$", title);
        Assert.Equal(79, title.Length);
    }

    [Fact]
    public void The_last_failure_and_the_last_exploits_stay_in_sight()
    {
        NewsKind[] kinds = [NewsKind.Inheritance, NewsKind.Failure, NewsKind.Inheritance, NewsKind.Inheritance, NewsKind.Worker, NewsKind.Best, NewsKind.Best, NewsKind.Best];
        var news = kinds.Select(static (kind, i) => new News(default, kind, $"{i}")).ToList();

        Assert.Equal("1 2 3 6 7", Shown(RecentNews.Of(news, 5)));
        Assert.Equal("3 7", Shown(RecentNews.Of(news, 2)));
        Assert.Equal("0 1 2", Shown(RecentNews.Of(news[..3], 5)));
        Assert.Equal("4 5 6", Shown(RecentNews.Of(news[4..7], 3)));
        Assert.Equal("1 2 3 6 7", Shown(news.Aggregate(new List<News>(), static (kept, next) => RecentNews.Of([.. kept, next], 5))));

        static string Shown(IEnumerable<News> shown) => string.Join(' ', shown.Select(static item => item.Text));
    }

    [Fact]
    public void Each_picture_is_drawn_over_the_one_before()
    {
        using var study = new TestStudy().RunRounds(2);
        var text = new StringWriter();
        var view = new LiveView(Console(text, 80, 24, AnsiSupport.Yes), study.Time);

        view.Show(study.State, []);
        var first = text.ToString();
        view.Show(study.State, []);

        Assert.Equal($"{first}\u001b[{first.Count(static c => c == '\n')}A\r\u001b[J{first}", text.ToString());
    }

    [Fact]
    public void A_score_that_only_falls_or_stands_still_has_a_trend_too()
    {
        using var study = new TestStudy(TestStudy.Default with { Exploit = new NoExploit() });
        study.RunRound(static member => member == 0 ? 1 : double.MaxValue);
        study.RunRound(static member => member == 0 ? 1 : -double.MaxValue);

        Assert.Equal("▅▅", Sparkline.Of(study.State.Members[0], 12));
        Assert.Equal(2, Sparkline.Of(study.State.Members[1], 12).Length);
        Assert.Equal(string.Empty, Sparkline.Of(new TestStudy().State.Members[0], 12));
    }

    private static string Drawn(TestStudy study, int width, int height, params News[] news)
    {
        var text = new StringWriter();
        new LiveView(Console(text, width, height, AnsiSupport.No), study.Time).Show(study.State, news);
        return text.ToString();
    }

    private static IAnsiConsole Console(TextWriter text, int width, int height, AnsiSupport ansi)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = ansi, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(text) });
        console.Profile.Width = width;
        console.Profile.Height = height;
        return console;
    }
}

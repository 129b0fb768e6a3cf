using Pbt.Cli.Output;

namespace Pbt.Cli.Tests.Output;

public sealed class PlainViewTests
{
    [Fact]
    public void Lines_are_few_and_progress_comes_at_most_every_five_seconds()
    {
        using var study = new TestStudy();
        var text = new StringWriter();
        var view = new PlainView(text, study.Time);
        view.Show(study.State, [new News(study.Time.Now, NewsKind.Study, "what was before")]);
        study.RunRound(static member => member);
        view.Show(study.State, [new News(study.Time.Now, NewsKind.Best, "m3 set the first score")]);
        study.Complete(study.Claim(), 5);
        study.Time.Now += TimeSpan.FromSeconds(1);
        view.Show(study.State, []);
        study.Time.Now += TimeSpan.FromSeconds(5);
        view.Show(study.State, [.. Enumerable.Range(0, 25).Select(i => new News(study.Time.Now, NewsKind.Inheritance, $"news {i}"))]);
        view.Show(study.State, []);
        view.End(study.State);

        var lines = text.ToString().TrimEnd().Split('\n');

        Assert.Equal("12:00:00 demo created: 0 of 24 intervals (0%)", lines[0]);
        Assert.Equal("12:00:10 m3 set the first score", lines[1]);
        Assert.Equal("12:00:10 demo running: 4 of 24 intervals (17%), best 3 by m3, about 50s left", lines[2]);
        Assert.Equal("12:00:16 news 19", lines[22]);
        Assert.Equal("12:00:16 … and 5 more", lines[23]);
        Assert.Equal("12:00:16 demo running: 5 of 24 intervals (21%), best 5 by m0, about 38s left", lines[24]);
        Assert.Equal(25, lines.Length);
    }
}

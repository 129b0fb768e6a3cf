using System.Xml.Linq;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Dashboard.Figures;

namespace Pbt.Dashboard.Tests.Figures;

public sealed class FigureTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public async Task A_study_has_a_figure_of_its_scores_its_lineage_and_each_hyperparameter()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(8, static (member, round) => member == 3 ? -round : round + member);
        var folder = Path.Combine(study.Directory.Root, "figures");
        var paths = await FigureFiles.WriteAsync(study.Watched, folder, TimeProvider.System, CancellationToken.None);

        Assert.Equal(
            ["score.svg", "lineage.svg", "hyperparameter-1-learning_rate.svg", "hyperparameter-2-gamma.svg", "hyperparameter-3-epochs.svg", "hyperparameter-4-optimizer.svg", "hyperparameter-5-normalize.svg"],
            paths.Select(Path.GetFileName));
        foreach (var figure in paths.Select(XDocument.Load))
        {
            Assert.Equal(Svg + "svg", figure.Root!.Name);
            Assert.DoesNotContain(figure.Descendants().SelectMany(static e => e.Attributes()), static a => a.Value.Contains("NaN", StringComparison.Ordinal) || a.Value.Contains('∞', StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task The_lineage_ends_with_every_member_at_a_place_of_its_own()
    {
        await using var study = await DrivenStudy.CreateAsync();
        await study.RunRoundsAsync(8, static (member, round) => member == 3 ? -round : round + member);
        var state = await study.Store.LoadAsync();
        var tree = LineageTree.Of(state);
        var layout = LineageLayout.Of(tree);

        var tips = tree.Nodes.Where(static node => node.Holders.Count > 0).Select(node => layout.Lanes[node.Id]).ToList();
        Assert.Equal(tips.Count, tips.Distinct().Count());
        Assert.Equal(Enumerable.Range(0, layout.Count), layout.Lanes.Values.Distinct().Order());
        Assert.All(tree.Nodes.Where(static node => node.Children.Count == 1 && node.Holders.Count == 0), node => Assert.Equal(layout.Lanes[node.Id], layout.Lanes[node.Children[0].Id]));
    }

    [Fact]
    public async Task Markup_in_a_figure_is_text()
    {
        await using var study = await DrivenStudy.CreateAsync(DrivenStudy.Hostile);
        await study.RunRoundsAsync(3);
        var paths = await FigureFiles.WriteAsync(study.Watched, Path.Combine(study.Directory.Root, "figures"), TimeProvider.System, CancellationToken.None);
        Assert.All(paths.Select(XDocument.Load), static figure => Assert.All(figure.Descendants(), static e => Assert.Contains(e.Name.LocalName, (string[])["svg", "title", "rect", "text", "path"])));
        Assert.Contains(DrivenStudy.Markup, XDocument.Load(paths[0]).Descendants(Svg + "text").Select(static text => text.Value));
    }

    [Fact]
    public async Task Before_an_interval_has_completed_there_is_nothing_to_draw()
    {
        await using var study = await DrivenStudy.CreateAsync();
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => FigureFiles.WriteAsync(study.Watched, study.Directory.Root, TimeProvider.System, CancellationToken.None));
        Assert.Contains("there is nothing to draw", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, 1, "0 0.2 0.4 0.6 0.8 1")]
    [InlineData(-3, 250, "0 50 100 150 200 250")]
    [InlineData(1e-7, 3e-7, "1e-7 1.5e-7 2e-7 2.5e-7 3e-7")]
    public void Ticks_are_round(double low, double high, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', Axis.Linear(string.Empty, low, high).Ticks.Select(static tick => tick.Text)));

    [Fact]
    public void A_hyperparameters_axis_is_on_its_own_scale()
    {
        var log = Axis.Of(new FloatHyperparameter("lr", 1e-4, 1, Scale.Log));
        Assert.Equal(["0.0001", "0.001", "0.01", "0.1", "1"], log.Ticks.Select(static tick => tick.Text));
        Assert.Equal(0.5, log.PartOf(0.01), 12);
        var rest = Axis.Of(new FloatHyperparameter("gamma", 0.9, 0.9999, Scale.OneMinusLog));
        Assert.Equal((0, 1), (Math.Round(rest.PartOf(0.9), 9), Math.Round(rest.PartOf(0.9999), 9)));
        Assert.Contains("0.99", rest.Ticks.Select(static tick => tick.Text));
        var names = Axis.Of(new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]));
        Assert.Equal([("adam", 0.25), ("sgd", 0.75)], names.Ticks.Select(tick => (tick.Text, names.PartOf(tick.Value))));
    }
}

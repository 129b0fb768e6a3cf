using Pbt.Core.Explore;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Explore;

public sealed class ExploreStrategyTests
{
    private static readonly SearchSpace Space = new([new FloatHyperparameter("lr", 1e-6, 1, Scale.Log), new FloatHyperparameter("h", 0, 10, Scale.Linear)]);
    private static readonly Hyperparameters Start = new([new("lr", HyperparameterValue.Of(1e-3)), new("h", HyperparameterValue.Of(5.0))]);

    [Fact]
    public void Perturb_multiplies_each_by_one_of_the_factors()
    {
        var ratios = Draw(new PerturbExplore { ResampleProbability = 0 }, 1000).Select(static h => Math.Round(h["lr"].Number / 1e-3, 9)).ToList();
        Assert.Equal([0.8, 1.2], ratios.Distinct().Order());
        Assert.InRange(ratios.Count(static r => r < 1), 430, 570);
    }

    [Fact]
    public void Perturb_can_draw_its_factor_from_a_range()
    {
        var ratios = Draw(new PerturbExplore { Range = (0.5, 2), ResampleProbability = 0 }, 1000).Select(static h => h["h"].Number / 5).ToList();
        Assert.All(ratios, static r => Assert.InRange(r, 0.5, 2));
        Assert.InRange(ratios.Average(), 1.2, 1.3);
    }

    [Fact]
    public void Perturb_moves_each_hyperparameter_on_its_own() =>
        Assert.Equal(4, Draw(new PerturbExplore { ResampleProbability = 0 }, 200).Distinct().Count());

    [Fact]
    public void Resample_draws_anew_as_often_as_asked()
    {
        var kept = Draw(new ResampleExplore(0.25), 2000).Count(static h => h["lr"].Number == 1e-3);
        Assert.InRange(kept, 1420, 1580);
    }

    [Fact]
    public void Gaussian_noise_has_the_deviation_asked_for_in_the_scale_of_each()
    {
        var drawn = Draw(new GaussianExplore(0.1), 4000);
        Assert.InRange(Deviation(drawn.Select(static h => h["h"].Number)), 0.095, 0.105);
        Assert.InRange(Deviation(drawn.Select(static h => Math.Log(h["lr"].Number))), 0.095, 0.105);
    }

    [Fact]
    public void Gaussian_noise_can_be_measured_by_the_range()
    {
        var drawn = Draw(new GaussianExplore(0.01, NoiseUnit.Range), 4000);
        Assert.InRange(Deviation(drawn.Select(static h => h["h"].Number)), 0.095, 0.105);
    }

    [Fact]
    public void The_same_stream_gives_the_same_hyperparameters() =>
        Assert.Equal(Draw(new PerturbExplore(), 50), Draw(new PerturbExplore(), 50));

    private static List<Hyperparameters> Draw(ExploreSpec spec, int count)
    {
        var strategy = ExploreStrategy.Of(spec);
        var state = new TestStudy(TestStudy.SynchronousSpec with { Hyperparameters = Space }).State;
        return
        [
            .. Enumerable.Range(1, count).Select(interval => strategy.Explore(
                new ExploreContext(state, state.Members[0], Start, Donor: null, new RandomStream(9, 0, interval, RandomPurpose.Explore)))),
        ];
    }

    private static double Deviation(IEnumerable<double> numbers)
    {
        var all = numbers.ToList();
        var mean = all.Average();
        return Math.Sqrt(all.Sum(x => (x - mean) * (x - mean)) / (all.Count - 1));
    }
}

using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.Explore;

public sealed class GpbtPlStrategyTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatHyperparameter("h", 0, 1, Scale.Linear),
        new CategoricalHyperparameter("kind", [HyperparameterValue.Of("a"), HyperparameterValue.Of("b")]),
    ]);

    [Fact]
    public void It_goes_a_uniform_part_of_the_way_to_the_donor()
    {
        var study = Study(new NoExplore());
        var (own, donors) = (study[0].Hyperparameters["h"].Number, study[3].Hyperparameters["h"].Number);
        var parts = Explore(study, new GpbtPlExplore(), donor: 3).Select(h => (h["h"].Number - own) / (donors - own));
        Goodness.AssertDistribution(parts, static part => Math.Clamp(part, 0, 1));
    }

    [Fact]
    public void Attraction_can_carry_it_beyond_but_never_out_of_bounds()
    {
        var study = Study(new NoExplore());
        var drawn = Explore(study, new GpbtPlExplore(Attraction: 10), donor: 3).Select(static h => h["h"].Number).ToList();
        Assert.All(drawn, static h => Assert.InRange(h, 0, 1));
        Assert.Contains(drawn, static h => h is 0 or 1);
    }

    [Fact]
    public void A_category_is_the_donor_s_half_of_the_time()
    {
        var study = Study(new NoExplore());
        var donors = study[3].Hyperparameters["kind"];
        var taken = Explore(study, new GpbtPlExplore(), donor: 3).Count(h => h["kind"] == donors);
        Goodness.AssertProportions([taken, 2000 - taken], [0.5, 0.5]);
    }

    [Fact]
    public void Without_a_donor_it_goes_on_as_it_moved_before()
    {
        var study = Study(new GpbtPlExplore { When = ExploreWhen.AfterExploit });
        var history = study[0].History;
        Assert.NotEqual(history[0].Hyperparameters, history[1].Hyperparameters);
        var move = history[1].Hyperparameters["h"].Number - history[0].Hyperparameters["h"].Number;
        var own = study[0].Hyperparameters["h"].Number;
        var drawn = Explore(study, new GpbtPlExplore(), donor: null).Select(h => (h["h"].Number - own) / move).ToList();

        // Half of the moves may have ended at a bound.
        Assert.All(drawn, static part => Assert.InRange(part, -1e-9, 1 + 1e-9));
        Assert.True(drawn.Max() > 0.5 || own + move is < 0 or > 1);
    }

    [Fact]
    public void Without_inertia_and_donor_it_stays()
    {
        var study = Study(new NoExplore());
        Assert.All(Explore(study, new GpbtPlExplore(Inertia: 0), donor: null), h => Assert.Equal(study[0].Hyperparameters, h));
    }

    /// <summary>Four members after two intervals; the first explored after one if the spec explores. Their kinds are a, b, a, b.</summary>
    private static TestStudy Study(ExploreSpec explore)
    {
        var study = new TestStudy(TestStudy.SynchronousSpec with
        {
            Hyperparameters = Space,
            Initial = new ExplicitInitial([.. Enumerable.Range(0, 4).Select(static i => Space.Build((index, _) =>
                index == 0 ? HyperparameterValue.Of(0.2 + (0.2 * i)) : HyperparameterValue.Of(i % 2 == 0 ? "a" : "b")))]),
            Explore = explore,
            Exploit = explore is NoExplore ? new NoExploit() : new TruncationExploit(0.25, 0.25),
        });
        study.RunRound(static member => member);
        study.RunRound(static member => 10 + member);
        return study;
    }

    private static List<Hyperparameters> Explore(TestStudy study, GpbtPlExplore spec, int? donor)
    {
        var strategy = ExploreStrategy.Of(spec);
        var from = donor is { } d ? Ranking.Latest(study.State).Find(new MemberId(d)) : null;
        return [.. Enumerable.Range(0, 2000).Select(seed =>
            strategy.Explore(new(study.State, study[0], study[0].Hyperparameters, from, new RandomStream((ulong)seed, 0, 2, RandomPurpose.Explore))))];
    }
}

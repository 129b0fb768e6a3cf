using FsCheck.Fluent;
using Pbt.Core.Explore;
using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Explore.Bandits;
using Pbt.Core.Tests.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.Explore;

public sealed class Pb2StrategyTests
{
    public static TheoryData<string, StudyMode> Strategies { get; } = new()
    {
        { "pb2", StudyMode.Synchronous },
        { "pb2", StudyMode.Asynchronous },
        { "pb2_mix", StudyMode.Synchronous },
        { "pb2_mix", StudyMode.Asynchronous },
        { "gpbt_pl", StudyMode.Synchronous },
        { "gpbt_pl", StudyMode.Asynchronous },
    };

    [Theory]
    [MemberData(nameof(Strategies))]
    public void Verify_recomputes_every_decision(string strategy, StudyMode mode)
    {
        var study = new BanditStudy(BanditStudy.Spec(Named(strategy), mode), BanditStudy.Gain).Run();
        var verified = study.Verify();
        Assert.Empty(verified.Differences);
        Assert.True(verified.Decisions > 100);
        Assert.All(study.Tried(), static h => Assert.True(BanditStudy.Space.Contains(h)));
    }

    [Theory]
    [InlineData("pb2")]
    [InlineData("pb2_mix")]
    [InlineData("gpbt_pl")]
    public void A_synchronous_study_does_not_depend_on_who_finishes_first(string strategy)
    {
        var spec = BanditStudy.Spec(Named(strategy));
        Assert.Equal(new BanditStudy(spec, BanditStudy.Gain).Run().Tried(), new BanditStudy(spec, BanditStudy.Gain).Run(backwards: true).Tried());
    }

    [Theory]
    [InlineData("pb2")]
    [InlineData("pb2_mix")]
    public void Minimising_is_maximising_the_negative(string strategy)
    {
        var spec = BanditStudy.Spec(Named(strategy), intervals: 6);
        var mirrored = spec with { Objective = spec.Objective with { Goal = Goal.Minimize } };
        Assert.Equal(new BanditStudy(spec, BanditStudy.Gain).Run().Tried(), new BanditStudy(mirrored, BanditStudy.Gain).Run().Tried());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1e-320)]
    [InlineData(1e306)]
    public void Scores_of_any_size_give_hyperparameters_in_the_space(double unit)
    {
        foreach (var strategy in (string[])["pb2", "pb2_mix"])
        {
            var study = new BanditStudy(BanditStudy.Spec(Named(strategy), intervals: 8), h => unit * BanditStudy.Gain(h)).Run();
            Assert.All(study.Tried(), static h => Assert.True(BanditStudy.Space.Contains(h)));
        }
    }

    [Fact]
    public void A_power_of_two_as_unit_of_the_score_changes_nothing()
    {
        var spec = BanditStudy.Spec(new Pb2Explore(), intervals: 6);
        Assert.Equal(new BanditStudy(spec, BanditStudy.Gain).Run().Tried(), new BanditStudy(spec, static h => 1024 * BanditStudy.Gain(h)).Run().Tried());
    }

    [Fact]
    public void With_fewer_than_two_intervals_to_learn_from_numbers_are_drawn_from_their_priors()
    {
        var study = new BanditStudy(BanditStudy.Spec(new NoExplore()), BanditStudy.Gain);
        study.Study.RunRound(static member => member);
        var drawn = Explored(new Pb2Explore(), study, 3000);
        var lr = BanditStudy.Space.Definitions[0];
        Goodness.AssertDistribution(drawn.Select(h => lr.ToUnit(h["lr"])), static u => u);
        Goodness.AssertProportions(Count(drawn, static h => (int)h["epochs"].Integer - 1, 10), Enumerable.Repeat(0.1, 10).ToArray());
    }

    [Fact]
    public void Pb2_keeps_categories_or_draws_them_anew_as_often_as_asked()
    {
        var study = new BanditStudy(BanditStudy.Spec(new NoExplore()), BanditStudy.Gain);
        study.Study.RunRound(static member => member);
        var kept = study.State.Members[0].Hyperparameters["optimizer"];
        Assert.All(Explored(new Pb2Explore(0), study, 50), h => Assert.Equal(kept, h["optimizer"]));
        var changed = Explored(new Pb2Explore(0.3), study, 3000).Count(h => h["optimizer"] != kept);

        // A draw gives the old value a third of the time.
        Goodness.AssertProportions([changed, 3000 - changed], [0.2, 0.8]);
    }

    [Fact]
    public void A_million_positions_lie_in_the_bounds_of_their_spaces()
    {
        double[] edges = [0, 1, double.Epsilon, Math.BitDecrement(1.0), 0.5];
        var random = AnyPoints.Stream(1);
        var definitions = AnyDefinition.OfAnyType.ArrayOf().Resize(6).Sample(2000);
        var positions = 0;
        foreach (var drawn in definitions)
        {
            var space = new SearchSpace([.. drawn.Select(static (d, i) => d with { Name = $"h{i}" })]);
            var problems = new BanditProblems(space);
            var choices = problems.Choices.ToDictionary(static i => i, i => space.Definitions[i].FromUnit(random.NextDouble()));
            for (var i = 0; i < 500; i++, positions++)
            {
                var position = problems.Numbers.Select(_ => random.NextBool(0.1) ? edges[random.NextInt(edges.Length)] : random.NextDouble()).ToArray();
                Assert.True(space.Contains(problems.At(position, choices)));
            }
        }

        Assert.True(positions >= 1_000_000);
    }

    [Fact]
    public void Pb2_mix_comes_to_prefer_the_better_category()
    {
        var spec = BanditStudy.Spec(new Pb2MixExplore { When = ExploreWhen.Always }, intervals: 25) with { Exploit = new NoExploit() };
        var study = new BanditStudy(spec, BanditStudy.Gain).Run();
        var late = study.State.Members.SelectMany(static m => m.History.Skip(12)).Count(static r => r.Hyperparameters["optimizer"] == HyperparameterValue.Of("adam"));
        Assert.True(late > 0.55 * 6 * 13, $"{late} of {6 * 13} late intervals have the better category.");
        Assert.True(late < 6 * 13, "The others are not given up.");
    }

    [Fact]
    public void Pb2_mix_shares_the_categories_out_among_those_who_explore_together()
    {
        var spec = BanditStudy.Spec(new Pb2MixExplore { When = ExploreWhen.Always }, intervals: 3) with { Exploit = new NoExploit() };
        for (var seed = 0UL; seed < 20; seed++)
        {
            var study = new BanditStudy(spec with { Seed = seed }, static _ => 1).Run();
            var counts = Count([.. study.State.Members.Select(static m => m.History[1].Hyperparameters)], static h => BanditProblems.CategoryOf(BanditStudy.Space.Definitions[1], h["optimizer"]), 3);
            Assert.Equal([2, 2, 2], counts);
        }
    }

    [Fact]
    public void Without_categories_pb2_mix_is_pb2()
    {
        var spec = BanditStudy.Spec(new Pb2Explore(), intervals: 6) with { Hyperparameters = new([BanditStudy.Space.Definitions[0]]) };
        static double Gain(Hyperparameters h) => -Math.Abs(Math.Log10(h["lr"].Number) + 3);
        Assert.Equal(new BanditStudy(spec, Gain).Run().Tried(), new BanditStudy(spec with { Explore = new Pb2MixExplore() }, Gain).Run().Tried());
    }

    private static ExploreSpec Named(string strategy) => strategy switch
    {
        "pb2" => new Pb2Explore(),
        "pb2_mix" => new Pb2MixExplore(),
        _ => new GpbtPlExplore(),
    };

    private static int[] Count(IReadOnlyList<Hyperparameters> drawn, Func<Hyperparameters, int> kind, int kinds) =>
        [.. Enumerable.Range(0, kinds).Select(k => drawn.Count(h => kind(h) == k))];

    private static List<Hyperparameters> Explored(ExploreSpec spec, BanditStudy study, int count)
    {
        var strategy = ExploreStrategy.Of(spec);
        var member = study.State.Members[0];
        return [.. Enumerable.Range(0, count).Select(seed =>
            strategy.Explore(new(study.State, member, member.Hyperparameters, Donor: null, new RandomStream((ulong)seed, 0, 1, RandomPurpose.Explore))))];
    }
}

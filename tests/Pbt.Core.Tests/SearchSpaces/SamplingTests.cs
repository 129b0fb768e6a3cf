using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>The prior and the latin hypercube.</summary>
public sealed class SamplingTests
{
    private static readonly SearchSpace Space = Spaces.EveryType();

    // Frozen: a study's first hyperparameters are a function of its seed. Both were computed by a separate implementation
    // in Python with mpmath too, which agrees to 16 digits.
    [Fact]
    public void The_first_sample_of_a_seed_is_frozen() => Assert.Equal(
        "learning_rate=2.5267681993977344E-05 entropy_coef=0.03248695161946796 gamma=0.9985581338690935 epochs=6 horizon=1553 "
        + "batch_size=128 optimizer=adam normalize=false",
        Prior.Sample(Space, Stream(7)).ToString());

    [Fact]
    public void The_design_of_a_seed_is_frozen() => Assert.Equal(
        "learning_rate=1.0651959713479421E-05 entropy_coef=0.01963174732711439 gamma=0.9215644711781177 epochs=10 horizon=2146 "
        + "batch_size=64 optimizer=adam normalize=true",
        LatinHypercube.Design(Space, 4, Stream(7))[3].ToString());

    [Fact]
    public void A_sample_lies_in_its_space()
    {
        var random = Stream(1);

        Assert.All(Enumerable.Range(0, 1000), _ => Assert.True(Space.Contains(Prior.Sample(Space, random))));
    }

    [Fact]
    public void A_sample_takes_one_double_for_each_hyperparameter_in_order()
    {
        var expected = Stream(2);
        var random = Stream(2);

        var sample = Prior.Sample(Space, random);

        Assert.Equal(Space.Definitions.Select(d => d.FromUnit(expected.NextDouble())), sample.Select(static e => e.Value));
        Assert.Equal(expected.NextUInt64(), random.NextUInt64());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(7)]
    [InlineData(100)]
    public void Each_part_of_each_dimension_is_hit_once(int population)
    {
        SearchSpace floats = new([.. Space.Definitions.Where(static d => d is FloatHyperparameter)]);

        var design = LatinHypercube.Design(floats, population, Stream(3));

        Assert.Equal(population, design.Length);
        foreach (var definition in floats.Definitions)
        {
            var parts = design.Select(member => (int)(definition.ToUnit(member[definition.Name]) * population)).Order();
            Assert.Equal(Enumerable.Range(0, population), parts);
        }
    }

    [Fact]
    public void Each_integer_is_hit_once_when_the_population_has_as_many_members() => Assert.Equal(
        Enumerable.Range(1, 10).Select(static i => (long)i),
        LatinHypercube.Design(Space, 10, Stream(4)).Select(static member => member["epochs"].Integer).Order());

    [Fact]
    public void A_design_lies_in_its_space() =>
        Assert.All(LatinHypercube.Design(Space, 64, Stream(5)), static member => Assert.True(Space.Contains(member)));

    [Fact]
    public void Places_inside_the_parts_and_orders_of_the_parts_are_uniform()
    {
        var definition = new FloatHyperparameter("h", 0, 1, Scale.Linear);
        SearchSpace space = new([definition]);
        var places = new List<double>();
        var orders = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < 6000; i++)
        {
            var units = LatinHypercube.Design(space, 3, Stream((ulong)i)).Select(static m => m["h"].Number * 3).ToArray();
            places.AddRange(units.Select(static u => u - Math.Floor(u)));
            var order = string.Concat(units.Select(static u => (int)u));
            orders[order] = orders.GetValueOrDefault(order) + 1;
        }

        Goodness.AssertDistribution(places, static u => u);
        Assert.Equal(6, orders.Count);
        Goodness.AssertEvenProportions([.. orders.Values]);
    }

    [Fact]
    public void Dimensions_are_independent()
    {
        var design = LatinHypercube.Design(
            new([new FloatHyperparameter("a", -1, 1, Scale.Linear), new FloatHyperparameter("b", -1, 1, Scale.Linear)]), 10_000, Stream(6));

        // Each has variance 1/3, so the mean product of independent ones has a deviation of 1/(3·√10000).
        Assert.Equal(0, design.Average(static m => m["a"].Number * m["b"].Number), 3.5 / 300);
    }

    [Fact]
    public void A_design_without_members_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => LatinHypercube.Design(Space, 0, Stream(0)));

    private static RandomStream Stream(ulong seed) => new(seed, 0, 0, RandomPurpose.InitialDesign);
}

using System.Collections.Immutable;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Tests.Statistics;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>Ordinals, categoricals and bools.</summary>
public sealed class ChoiceHyperparameterTests
{
    private const int Many = 50_000;
    private static readonly ImmutableArray<HyperparameterValue> Sizes = [Of(32), Of(64), Of(128), Of(256)];
    private static readonly OrdinalHyperparameter BatchSize = new("batch_size", Sizes);
    private static readonly CategoricalHyperparameter Optimizer = new("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]);
    private static readonly BoolHyperparameter Normalize = new("normalize");

    private readonly RandomStream _random = new(23, 0, 0, RandomPurpose.Explore);

    public static TheoryData<Hyperparameter, int> All => new() { { BatchSize, 4 }, { Optimizer, 2 }, { Normalize, 2 } };

    [Theory]
    [MemberData(nameof(All))]
    public void Each_value_is_drawn_as_often(Hyperparameter definition, int values)
    {
        var counts = Enumerable.Range(0, Many).GroupBy(_ => definition.FromUnit(_random.NextDouble())).Select(static g => g.Count()).ToArray();

        Assert.Equal(values, counts.Length);
        Goodness.AssertEvenProportions(counts);
    }

    [Fact]
    public void A_factor_moves_an_ordinal_one_place()
    {
        Assert.Equal(Of(128), BatchSize.Perturb(Of(64), 1.2, 0.01, _random));
        Assert.Equal(Of(128), BatchSize.Perturb(Of(64), 1e308, 0.01, _random));
        Assert.Equal(Of(32), BatchSize.Perturb(Of(64), 0.8, 0.01, _random));
        Assert.Equal(Of(64), BatchSize.Perturb(Of(64), 1, 0.01, _random));
        Assert.Equal(Of(64), BatchSize.Perturb(Of(64), double.NaN, 0.01, _random));
    }

    [Fact]
    public void An_ordinal_does_not_leave_the_ends_of_its_list()
    {
        Assert.Equal(Of(256), BatchSize.Perturb(Of(256), 1.2, 0.01, _random));
        Assert.Equal(Of(32), BatchSize.Perturb(Of(32), 0.8, 0.01, _random));
        Assert.Equal(Of(256), BatchSize.AddNoise(Of(32), double.PositiveInfinity, NoiseUnit.Scale, _random));
        Assert.Equal(Of(32), BatchSize.AddNoise(Of(256), -1e308, NoiseUnit.Range, _random));
    }

    [Fact]
    public void Noise_moves_an_ordinal_by_places_or_by_a_fraction_of_its_list()
    {
        Assert.Equal(Of(256), BatchSize.AddNoise(Of(64), 2, NoiseUnit.Scale, _random));
        Assert.Equal(Of(32), BatchSize.AddNoise(Of(256), -1, NoiseUnit.Range, _random));

        var moved = Enumerable.Range(0, Many).Count(_ => BatchSize.AddNoise(Of(64), 0.3, NoiseUnit.Scale, _random) == Of(128));
        Goodness.AssertProportions([moved, Many - moved], [0.3, 0.7]);
    }

    [Fact]
    public void A_value_that_is_not_listed_is_no_value_and_counts_as_the_first()
    {
        Assert.False(BatchSize.Contains(Of(48)));
        Assert.False(BatchSize.Contains(HyperparameterValue.Of(32.0)));
        Assert.Equal(Of(64), BatchSize.Perturb(Of(48), 1.2, 0.01, _random));
        Assert.False(Optimizer.Contains(HyperparameterValue.Of("lion")));
        Assert.Equal(HyperparameterValue.Of("adam"), Optimizer.Perturb(HyperparameterValue.Of("lion"), 1.2, 0.01, _random));
    }

    [Fact]
    public void A_categorical_and_a_bool_keep_their_value()
    {
        var sgd = HyperparameterValue.Of("sgd");
        var yes = HyperparameterValue.Of(true);

        Assert.Equal(sgd, Optimizer.Perturb(sgd, 0.8, 0.01, _random));
        Assert.Equal(sgd, Optimizer.AddNoise(sgd, 9, NoiseUnit.Range, _random));
        Assert.Equal(yes, Normalize.Perturb(yes, 0.8, 0.01, _random));
        Assert.Equal(yes, Normalize.AddNoise(yes, -9, NoiseUnit.Scale, _random));
    }

    [Fact]
    public void A_bool_contains_bools_only()
    {
        Assert.True(Normalize.Contains(HyperparameterValue.Of(false)));
        Assert.False(Normalize.Contains(Of(1)));
        Assert.Throws<InvalidOperationException>(() => Normalize.ToUnit(Of(1)));
    }

    [Fact]
    public void Impossible_lists_are_refused_in_words()
    {
        Assert.Equal("it has no values", OrdinalHyperparameter.Check([]));
        Assert.Equal("it has no values", OrdinalHyperparameter.Check(default));
        Assert.Equal("the value 32 is listed twice", CategoricalHyperparameter.Check([Of(32), Of(64), Of(32)]));
        Assert.Throws<ArgumentException>(() => new OrdinalHyperparameter("h", []));
        Assert.Throws<ArgumentException>(() => new CategoricalHyperparameter("h", [Of(1), Of(1)]));
    }

    [Fact]
    public void Two_are_equal_when_their_lists_are()
    {
        var same = new OrdinalHyperparameter("batch_size", [.. Sizes.ToArray()]);
        Assert.Equal(BatchSize, same);
        Assert.Equal(BatchSize.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(BatchSize, new OrdinalHyperparameter("batch_size", [.. Sizes.Reverse()]));
        Assert.NotEqual(BatchSize, new OrdinalHyperparameter("other", Sizes));
        Assert.Equal(new CategoricalHyperparameter("h", Sizes), new CategoricalHyperparameter("h", [.. Sizes.ToArray()]));
        Assert.NotEqual<Hyperparameter>(new CategoricalHyperparameter("h", Sizes), new OrdinalHyperparameter("h", Sizes));
    }

    [Fact]
    public void They_describe_themselves()
    {
        Assert.Equal("one of 32, 64, 128, 256", BatchSize.Describe());
        Assert.Equal("one of adam, sgd", Optimizer.Describe());
        Assert.Equal("true or false", Normalize.Describe());
    }

    private static HyperparameterValue Of(long integer) => HyperparameterValue.Of(integer);
}

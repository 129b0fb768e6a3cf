using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>The search space and the values in it.</summary>
public sealed class SearchSpaceTests
{
    private static readonly SearchSpace Space = Spaces.EveryType();

    [Fact]
    public void Two_are_equal_when_their_definitions_are()
    {
        Assert.Equal(Space, Spaces.EveryType());
        Assert.Equal(Space.GetHashCode(), Spaces.EveryType().GetHashCode());
        Assert.NotEqual(Space, new SearchSpace([.. Space.Definitions.Reverse()]));
    }

    [Fact]
    public void A_name_is_defined_once() =>
        Assert.Throws<ArgumentException>(() => new SearchSpace([new BoolHyperparameter("h"), new BoolHyperparameter("h")]));

    [Fact]
    public void A_definition_is_found_by_its_name()
    {
        Assert.Same(Space.Definitions[3], Space.Find("epochs"));
        Assert.Null(Space.Find("Epochs"));
    }

    [Fact]
    public void It_contains_its_own_values_in_its_own_order_only()
    {
        var inside = Space.Build(static (_, d) => d.FromUnit(0.5));

        Assert.True(Space.Contains(inside));
        Assert.False(Space.Contains(new([.. inside.Reverse()])));
        Assert.False(Space.Contains(new([.. inside.Skip(1)])));
        Assert.False(Space.Contains(Space.Build(static (i, d) => i == 3 ? HyperparameterValue.Of(11L) : d.FromUnit(0.5))));
    }

    [Fact]
    public void Hyperparameters_are_equal_by_names_order_and_values()
    {
        var one = Space.Build(static (_, d) => d.FromUnit(0.5));
        var same = Space.Build(static (_, d) => d.FromUnit(0.5));

        Assert.Equal<object>(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual<object>(one, Space.Build(static (_, d) => d.FromUnit(0.25)));
    }

    [Fact]
    public void A_value_is_looked_up_by_its_name()
    {
        var values = Space.Build(static (_, d) => d.FromUnit(0.5));

        Assert.Equal(6, values["epochs"].Integer);
        Assert.True(values.TryGet("normalize", out var normalize) && normalize.Truth);
        Assert.False(values.TryGet("none", out _));
        Assert.Throws<KeyNotFoundException>(() => values["none"]);
    }

    [Fact]
    public void Values_are_equal_by_kind_and_number()
    {
        Assert.Equal(HyperparameterValue.Of(0.0), HyperparameterValue.Of(-0.0));
        Assert.Equal("0", HyperparameterValue.Of(-0.0).ToString());
        Assert.NotEqual(HyperparameterValue.Of(1.0), HyperparameterValue.Of(1L));
        Assert.Throws<ArgumentOutOfRangeException>(() => HyperparameterValue.Of(double.NaN));
    }
}

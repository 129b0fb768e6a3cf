using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class BoxMinimizerTests
{
    [Fact]
    public void It_finds_the_bottom_of_the_banana_valley()
    {
        var found = BoxMinimizer.Minimize(Banana, [-1.2, 1], [-2, -2], [2, 2], 200, 1e-12);
        Assert.Equal([1, 1], found.X.Select(static x => Math.Round(x, 4)));
        Assert.InRange(found.Evaluations, 10, 100);
    }

    [Fact]
    public void It_ends_on_the_bound_where_the_bottom_lies_outside()
    {
        var found = BoxMinimizer.Minimize(Banana, [-1.2, 1], [-2, -2], [0.5, 2], 200, 1e-12);
        Assert.Equal(0.5, found.X[0]);
        Assert.Equal(0.25, found.X[1], 1e-5);
    }

    [Fact]
    public void No_evaluation_leaves_the_box()
    {
        BoxMinimizer.Minimize(
            (x, gradient) =>
            {
                Assert.All(x.ToArray(), static c => Assert.InRange(c, 0, 1));
                return Banana(x, gradient);
            },
            [7, double.NaN], [0, 0], [1, 1], 100, 1e-9);
    }

    [Fact]
    public void It_steps_back_from_where_the_function_is_not_defined()
    {
        var found = BoxMinimizer.Minimize(
            static (x, gradient) =>
            {
                gradient[0] = 1 - (1 / (x[0] - 0.1));
                return x[0] > 0.1 ? x[0] - Math.Log(x[0] - 0.1) : double.NaN;
            },
            [3], [-5], [5], 100, 1e-12);
        Assert.Equal(1.1, found.X[0], 1e-4);
    }

    [Fact]
    public void It_ends_at_once_where_the_function_is_flat()
    {
        var found = BoxMinimizer.Minimize(static (x, gradient) => { gradient.Clear(); return 3; }, [0.2, 0.4], [0, 0], [1, 1], 100, 1e-9);
        Assert.Equal([0.2, 0.4], found.X);
        Assert.Equal(1, found.Evaluations);
    }

    private static double Banana(ReadOnlySpan<double> x, Span<double> gradient)
    {
        var bend = x[1] - (x[0] * x[0]);
        gradient[0] = (-400 * x[0] * bend) - (2 * (1 - x[0]));
        gradient[1] = 200 * bend;
        return (100 * bend * bend) + ((1 - x[0]) * (1 - x[0]));
    }
}

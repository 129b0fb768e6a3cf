using Pbt.Core.Randomness;

namespace Pbt.Core.Tests.Randomness;

public sealed class PortableMathTests
{
    private const double Tolerance = 4 * 2.220446049250313e-16;

    [Fact]
    public void Logarithms_are_those_of_the_platform_up_to_rounding()
    {
        var random = new RandomStream(1, 0, 0, RandomPurpose.BuiltinTrainer);
        for (var i = 0; i < 100_000; i++)
        {
            var x = Math.ScaleB(1 + random.NextDouble(), random.NextInt(2046) - 1022);
            AssertClose(Math.Log(x), PortableMath.Log(x));
            var nearOne = 1 + ((random.NextDouble() - 0.5) * 1e-3);
            AssertClose(Math.Log(nearOne), PortableMath.Log(nearOne));
        }
    }

    [Fact]
    public void Exponentials_are_those_of_the_platform_up_to_rounding()
    {
        var random = new RandomStream(2, 0, 0, RandomPurpose.BuiltinTrainer);
        for (var i = 0; i < 100_000; i++)
        {
            var x = (random.NextDouble() * 1416) - 708;
            AssertClose(Math.Exp(x), PortableMath.Exp(x));
            AssertClose(Math.Exp(x / 1000), PortableMath.Exp(x / 1000));
        }
    }

    [Fact]
    public void Cosines_of_turns_are_those_of_the_platform_up_to_rounding()
    {
        var random = new RandomStream(3, 0, 0, RandomPurpose.BuiltinTrainer);
        for (var i = 0; i < 100_000; i++)
        {
            var turns = random.NextDouble();
            Assert.Equal(Math.Cos(2 * Math.PI * turns), PortableMath.CosOfTurns(turns), 2e-15);
        }
    }

    [Fact]
    public void Exact_results_are_exact()
    {
        Assert.Equal(0, PortableMath.Log(1));
        Assert.Equal(1, PortableMath.Exp(0));
        Assert.Equal([1, 0, -1, 0], new[] { 0, 0.25, 0.5, 0.75 }.Select(PortableMath.CosOfTurns));
    }

    [Fact]
    public void The_ends_of_the_number_line_are_respected()
    {
        Assert.Equal(double.NegativeInfinity, PortableMath.Log(0));
        Assert.Equal(double.PositiveInfinity, PortableMath.Log(double.PositiveInfinity));
        Assert.Equal(double.NaN, PortableMath.Log(-1));
        Assert.Equal(double.NaN, PortableMath.Log(double.NaN));
        AssertClose(Math.Log(double.Epsilon), PortableMath.Log(double.Epsilon));
        AssertClose(Math.Log(double.MaxValue), PortableMath.Log(double.MaxValue));
        Assert.Equal(0, PortableMath.Exp(double.NegativeInfinity));
        Assert.Equal(0, PortableMath.Exp(-746));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(double.PositiveInfinity));
        Assert.Equal(double.PositiveInfinity, PortableMath.Exp(709.79));
        Assert.Equal(double.NaN, PortableMath.Exp(double.NaN));
    }

    private static void AssertClose(double expected, double actual) =>
        Assert.Equal(expected, actual, Math.Max(Math.Abs(expected) * Tolerance, double.Epsilon));
}

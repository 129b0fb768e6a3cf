using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.Ppo.Environments;

public sealed class CartPoleTests
{
    [Fact]
    public void Step_FromRest_AcceleratesByTheExactFractions()
    {
        // Upright and at rest, a push of 10 N turns the pole with -600/41 rad/s² and moves the cart with 400/41 m/s².
        var environment = new CartPole();
        environment.Restore(default, 0);

        environment.Step(1);

        Assert.Equal(0, environment.State.Position);
        Assert.Equal(0.02 * 400 / 41, environment.State.Velocity, 1e-14);
        Assert.Equal(0, environment.State.Angle);
        Assert.Equal(-0.02 * 600 / 41, environment.State.AngularVelocity, 1e-14);
    }

    [Fact]
    public void Step_RightLeftLeft_FollowsTheEquationsOfMotion()
    {
        // Expected: the two Lagrange equations of cart and pole solved as a 2×2 system, in 40 digits.
        var environment = new CartPole();
        environment.Restore(new CartPoleState(0.01, -0.2, 0.03, 0.4), 0);

        environment.Step(1);
        AssertClose(new(0.006, -0.0053161691554136628, 0.038, 0.11692433252290105), environment.State);
        environment.Step(0);
        AssertClose(new(0.0058936766168917265, -0.20096140314876482, 0.040338486650458021, 0.42134963668608777), environment.State);
        environment.Step(0);
        AssertClose(new(0.0018744485539164304, -0.39663097062598762, 0.048765479384179779, 0.72647152514274749), environment.State);
    }

    [Theory]
    [InlineData(2.4, 0, 0, 0, false)]
    [InlineData(2.4, 0.01, 0, 0, true)]
    [InlineData(-2.4, 0, 0, 0, false)]
    [InlineData(-2.4, -0.01, 0, 0, true)]
    [InlineData(0, 0, 0.2094, 0, false)]
    [InlineData(0, 0, 0.2095, 0, true)]
    [InlineData(0, 0, -0.2094, 0, false)]
    [InlineData(0, 0, -0.2095, 0, true)]
    public void Step_AroundTheLimits_TerminatesOnlyBeyond(
        double position, double velocity, double angle, double angularVelocity, bool terminated)
    {
        var environment = new CartPole();
        environment.Restore(new CartPoleState(position, velocity, angle, angularVelocity), 0);

        var outcome = environment.Step(1);

        Assert.Equal(new StepOutcome(1, terminated, Truncated: false), outcome);
    }

    [Theory]
    [InlineData(498, false)]
    [InlineData(499, true)]
    public void Step_AtTheTimeLimit_TruncatesWithoutTerminating(int stepsBefore, bool truncated)
    {
        var environment = new CartPole();
        environment.Restore(default, stepsBefore);

        Assert.Equal(new StepOutcome(1, Terminated: false, truncated), environment.Step(0));
    }

    [Fact]
    public void Reset_ManyTimes_StartsUniformlyWithinTheRange()
    {
        var environment = new CartPole();
        var random = Generator.FromSeed(3);
        var values = new List<double>();
        for (var i = 0; i < 1000; i++)
        {
            environment.Reset(random);
            var (position, velocity, angle, angularVelocity) = environment.State;
            values.AddRange([position, velocity, angle, angularVelocity]);
        }

        Assert.Equal(0, environment.Steps);
        Assert.All(values, value => Assert.InRange(value, -0.05, 0.05));
        Assert.Equal(0, values.Average(), 0.002);
        Assert.True(values.Min() < -0.0495 && values.Max() > 0.0495);
    }

    private static void AssertClose(CartPoleState expected, CartPoleState actual)
    {
        Assert.Equal(expected.Position, actual.Position, 1e-14);
        Assert.Equal(expected.Velocity, actual.Velocity, 1e-14);
        Assert.Equal(expected.Angle, actual.Angle, 1e-14);
        Assert.Equal(expected.AngularVelocity, actual.AngularVelocity, 1e-14);
    }
}

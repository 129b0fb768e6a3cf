using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.Ppo.Environments;

public sealed class SwingUpTests
{
    [Theory]
    [InlineData(0, 0, 0, 0, 1)]
    [InlineData(0, Math.PI, 0, 0, 0)]
    [InlineData(0, Math.PI / 2, 0, 0, 0.5)]
    [InlineData(2, 0, 0, 0, 0.55)]
    [InlineData(-2, 0, 0, 0, 0.55)]
    [InlineData(0, 0, 5, 0, 0.55)]
    [InlineData(0, 0, 0, 1, 0.8)]
    [InlineData(0, 0, 0, -0.5, 0.95)]
    public void Reward_AtKnownStates_IsThatOfTheControlSuite(
        double position, double angle, double angularVelocity, double push, double expected)
    {
        // At its margin a factor is (1 + 0.1) / 2; the greatest push leaves 4/5.
        Assert.Equal(expected, SwingUp.Reward(new CartPoleState(position, 3, angle, angularVelocity), push), 1e-12);
    }

    [Fact]
    public void Step_FromRest_AcceleratesByTheExactFractions()
    {
        // Upright and at rest, a push of 10 N turns the pole with -600/41 rad/s² and moves the cart with 400/41 m/s².
        const double Seconds = 1e-6;

        var state = SwingUp.Advance(default, SwingUp.ForceLimit, Seconds);

        Assert.Equal(400.0 / 41, state.Velocity / Seconds, 1e-6);
        Assert.Equal(-600.0 / 41, state.AngularVelocity / Seconds, 1e-6);
    }

    [Fact]
    public void Advance_WithoutForce_KeepsTheEnergy()
    {
        var state = new CartPoleState(0, 0.3, 2, -1);
        var energy = Energy(state);

        for (var step = 0; step < 10_000; step++)
            state = SwingUp.Advance(state, force: 0, seconds: 1e-3);

        Assert.Equal(energy, Energy(state), 1e-8);
    }

    [Fact]
    public void Step_OfTheEnvironment_IsCloseToAThousandSmallerOnes()
    {
        var exact = new CartPoleState(0.1, -0.5, 2, 6);
        var environment = new SwingUp();
        environment.Restore(exact, steps: 0, episodeReturn: 0);

        environment.Step(0.5);

        for (var step = 0; step < 1_000; step++)
            exact = SwingUp.Advance(exact, SwingUp.ForceLimit / 2, 0.02 / 1_000);
        Assert.Equal(exact.Position, environment.State.Position, 1e-6);
        Assert.Equal(exact.Angle, environment.State.Angle, 1e-6);
        Assert.Equal(exact.AngularVelocity, environment.State.AngularVelocity, 1e-5);
    }

    [Fact]
    public void Step_AtTheEndOfTheTrack_StopsTheCart()
    {
        var environment = new SwingUp();
        environment.Restore(new CartPoleState(1.79, 2, Math.PI, 0), steps: 0, episodeReturn: 0);

        var outcome = environment.Step(1);

        Assert.Equal((1.8, 0), (environment.State.Position, environment.State.Velocity));
        Assert.False(outcome.Ended);
    }

    [Fact]
    public void Step_BeyondTheGreatestPush_IsCut()
    {
        var (greatest, beyond) = (new SwingUp(), new SwingUp());

        Assert.Equal(greatest.Step(-1), beyond.Step(-7));
        Assert.Equal(greatest.State, beyond.State);
    }

    [Fact]
    public void Step_AtTheTimeLimit_TruncatesAndKeepsTheReturn()
    {
        var environment = new SwingUp();
        environment.Restore(default, steps: 499, episodeReturn: 123);

        var outcome = environment.Step(0);

        Assert.Equal(new StepOutcome(1, Terminated: false, Truncated: true), outcome);
        Assert.Equal(124, environment.EpisodeReturn);
    }

    [Fact]
    public void Reset_Always_HangsThePole()
    {
        var environment = new SwingUp();

        environment.Reset(Generator.FromSeed(4));

        Assert.InRange(environment.State.Angle, Math.PI - 0.05, Math.PI + 0.05);
        Assert.InRange(SwingUp.Reward(environment.State, 0), 0, 0.001);
        Assert.Equal(0, environment.EpisodeReturn);
    }

    /// <summary>Of a cart of 1 kg and a rod of 0.1 kg and 1 m.</summary>
    private static double Energy(CartPoleState state)
    {
        const double Gravity = 9.8;
        var (sin, cos) = Math.SinCos(state.Angle);
        var centerVelocity = (X: state.Velocity + (0.5 * cos * state.AngularVelocity), Y: -0.5 * sin * state.AngularVelocity);
        var rod = 0.1 * ((centerVelocity.X * centerVelocity.X) + (centerVelocity.Y * centerVelocity.Y)) / 2;
        var turning = 0.1 / 12 * state.AngularVelocity * state.AngularVelocity / 2;
        return (state.Velocity * state.Velocity / 2) + rod + turning + (0.1 * Gravity * 0.5 * cos);
    }
}

using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.Ppo.Environments;

public sealed class AcrobotTests
{
    [Fact]
    public void Step_FromHangingWithTorque_AcceleratesByTheExactFractions()
    {
        // Hanging, the mass matrix is [[3.5 + 2 · 0.5, 1.25 + 0.5], [1.75, 1.25]]: 4.5 · 1.25 - 1.75² = 2.5625.
        // A torque of 1 on the lower joint alone turns the links with -1.75 / 2.5625 and 4.5 / 2.5625 rad/s².
        const double Seconds = 1e-6;

        var state = Acrobot.Advance(default, torque: 1, Seconds);

        Assert.Equal(-1.75 / 2.5625, state.Velocity1 / Seconds, 1e-6);
        Assert.Equal(4.5 / 2.5625, state.Velocity2 / Seconds, 1e-6);
    }

    [Fact]
    public void Advance_WithoutTorque_KeepsTheEnergy()
    {
        var state = new AcrobotState(2, -1.5, 0.7, -0.4);
        var energy = Acrobot.Energy(state);

        for (var step = 0; step < 10_000; step++)
            state = Acrobot.Advance(state, torque: 0, seconds: 1e-3);

        Assert.Equal(energy, Acrobot.Energy(state), 1e-8);
        Assert.True(Math.Abs(state.Velocity1) > 0.01);
    }

    [Fact]
    public void Advance_WithTorque_GainsTheWorkOfTheMotor()
    {
        // Work is torque · angle of the joint that the motor turns.
        var state = new AcrobotState(0.5, 0.3, 0.2, 0.1);
        var (energy, angle) = (Acrobot.Energy(state), state.Angle2);

        for (var step = 0; step < 1_000; step++)
            state = Acrobot.Advance(state, torque: 1, seconds: 1e-3);

        Assert.Equal(energy + state.Angle2 - angle, Acrobot.Energy(state), 1e-8);
    }

    [Fact]
    public void Step_OfTheEnvironment_IsCloseToAThousandSmallerOnes()
    {
        var start = new AcrobotState(0.3, -0.2, 0.5, -1);
        var environment = new Acrobot();
        environment.Restore(start, 0);

        environment.Step(2);

        var exact = start;
        for (var step = 0; step < 1_000; step++)
            exact = Acrobot.Advance(exact, torque: 1, Acrobot.SecondsPerStep / 1_000);
        Assert.Equal(exact.Angle1, environment.State.Angle1, 1e-3);
        Assert.Equal(exact.Angle2, environment.State.Angle2, 1e-3);
        Assert.Equal(exact.Velocity1, environment.State.Velocity1, 1e-2);
        Assert.Equal(exact.Velocity2, environment.State.Velocity2, 1e-2);
    }

    [Fact]
    public void Advance_HalfTheStep_HasASixteenthOfTheError()
    {
        var start = new AcrobotState(0.3, -0.2, 0.5, -1);
        var exact = Run(1_000);

        var ratio = Math.Abs(Run(4).Velocity2 - exact.Velocity2) / Math.Abs(Run(8).Velocity2 - exact.Velocity2);

        Assert.InRange(ratio, 12, 20);

        AcrobotState Run(int steps)
        {
            var state = start;
            for (var step = 0; step < steps; step++)
                state = Acrobot.Advance(state, torque: -1, seconds: 0.4 / steps);
            return state;
        }
    }

    [Theory]
    [InlineData(0, 0, false)]
    [InlineData(Math.PI, 0, true)]
    [InlineData(Math.PI, Math.PI, false)]
    [InlineData(2 * Math.PI / 3, 0, false)]
    [InlineData((2 * Math.PI / 3) + 0.01, 0, true)]
    [InlineData(Math.PI / 2, Math.PI / 2, false)]
    [InlineData((Math.PI / 2) + 0.01, Math.PI / 2, true)]
    public void IsUp_AroundTheLine_HoldsOnlyAbove(double angle1, double angle2, bool expected)
    {
        // At 2π/3 the straight acrobot's tip is at 2 · 0.5 = 1, up to rounding; with the lower link upright, at 1 too.
        var nudge = expected ? 0 : -1e-9;

        Assert.Equal(expected, Acrobot.IsUp(new AcrobotState(angle1 + nudge, angle2, 0, 0)));
    }

    [Fact]
    public void Step_AboveTheLine_EndsTheEpisodeForFree()
    {
        var environment = new Acrobot();
        environment.Restore(new AcrobotState(Math.PI, 0, 0, 0), steps: 9);

        Assert.Equal(new StepOutcome(0, Terminated: true, Truncated: false), environment.Step(1));
        Assert.Equal(-9, environment.EpisodeReturn);
    }

    [Theory]
    [InlineData(498, false)]
    [InlineData(499, true)]
    public void Step_AtTheTimeLimit_TruncatesWithoutTerminating(int stepsBefore, bool truncated)
    {
        var environment = new Acrobot();
        environment.Restore(default, stepsBefore);

        Assert.Equal(new StepOutcome(-1, Terminated: false, truncated), environment.Step(0));
        Assert.Equal(-stepsBefore - 1, environment.EpisodeReturn);
    }

    [Fact]
    public void Step_AtAnySpeed_StaysWithinTheLimits()
    {
        var environment = new Acrobot();
        environment.Restore(new AcrobotState(3.1, -3.1, 100, -100), 0);

        environment.Step(1);

        Assert.InRange(environment.State.Angle1, -Math.PI, Math.PI);
        Assert.InRange(environment.State.Angle2, -Math.PI, Math.PI);
        Assert.InRange(environment.State.Velocity1, -4 * Math.PI, 4 * Math.PI);
        Assert.InRange(environment.State.Velocity2, -9 * Math.PI, 9 * Math.PI);
    }

    [Fact]
    public void Reset_ManyTimes_StartsUniformlyWithinTheRange()
    {
        var environment = new Acrobot();
        var random = Generator.FromSeed(3);
        var values = new List<double>();
        for (var i = 0; i < 1000; i++)
        {
            environment.Reset(random);
            var (angle1, angle2, velocity1, velocity2) = environment.State;
            values.AddRange([angle1, angle2, velocity1, velocity2]);
        }

        Assert.All(values, value => Assert.InRange(value, -0.1, 0.1));
        Assert.Equal(0, values.Average(), 0.004);
        Assert.True(values.Min() < -0.099 && values.Max() > 0.099);
    }
}

using System.Numerics;
using Pbt.Samples.CartpoleBatch.Lanes;
using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.CartpoleBatch.Lanes;

public sealed class LaneCartPolesTests
{
    [Fact]
    public void Step_InEveryLane_DoesWhatTheEnvironmentDoes()
    {
        var random = Generator.FromSeed(3);
        var lanes = new LaneCartPoles(2);
        var single = Enumerable.Range(0, LaneBuffer.Lanes).Select(_ => new CartPole()).ToArray();
        for (var lane = 0; lane < single.Length; lane++)
        {
            single[lane].Reset(random);
            lanes.Load(1, lane, single[lane]);
        }

        var ended = 0;
        for (var step = 0; step < 300; step++)
        {
            var actions = Enumerable.Range(0, single.Length).Select(_ => random.NextDouble() < 0.5 ? 0f : 1f).ToArray();
            var (terminated, truncated) = lanes.Step(1, new Vector<float>(actions));
            for (var lane = 0; lane < single.Length; lane++)
            {
                var outcome = single[lane].Step((int)actions[lane]);
                Assert.Equal(outcome.Terminated, terminated[lane] != 0);
                Assert.Equal(outcome.Truncated, truncated[lane] != 0);
                ended += outcome.Ended ? 1 : 0;
                AssertSame(single[lane], lanes, lane);
                if (!outcome.Ended)
                    continue;
                single[lane].Reset(random);
                lanes.Load(1, lane, single[lane]);
            }
        }

        Assert.True(ended > single.Length);
    }

    [Fact]
    public void Step_AtTheLimit_CutsTheEpisodeThereOnly()
    {
        var lanes = new LaneCartPoles(1);
        for (var lane = 0; lane < LaneBuffer.Lanes; lane++)
        {
            var environment = new CartPole();
            environment.Restore(default, CartPole.StepLimit - (lane == 1 ? 1 : 2));
            lanes.Load(0, lane, environment);
        }

        var (terminated, truncated) = lanes.Step(0, Vector<float>.Zero);

        Assert.Equal(Vector<int>.Zero, terminated);
        for (var lane = 0; lane < LaneBuffer.Lanes; lane++)
            Assert.Equal(lane == 1, truncated[lane] != 0);
    }

    private static void AssertSame(CartPole expected, LaneCartPoles lanes, int lane)
    {
        var actual = new CartPole();
        lanes.Unload(1, lane, actual);
        Assert.Equal(expected.Steps, actual.Steps);
        Assert.Equal(expected.State.Position, actual.State.Position, 1e-12);
        Assert.Equal(expected.State.Velocity, actual.State.Velocity, 1e-12);
        Assert.Equal(expected.State.Angle, actual.State.Angle, 1e-12);
        Assert.Equal(expected.State.AngularVelocity, actual.State.AngularVelocity, 1e-12);
    }
}

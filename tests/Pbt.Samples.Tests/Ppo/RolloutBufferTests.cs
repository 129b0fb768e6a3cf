using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.Ppo;

public sealed class RolloutBufferTests
{
    [Fact]
    public void ComputeAdvantages_TruncatedAndTerminated_BootstrapsOnlyTheTruncated()
    {
        // Environment 0 is truncated at its second step, environment 1 terminates there; all else is the same.
        // Discount and lambda are 1/2, each reward is 1.
        var buffer = new RolloutBuffer(observationSize: 4, actionSize: 1, steps: 4, environments: 2);
        Array.Fill(buffer.Rewards, 1f);
        float[] values = [1, 2, 3, 4];
        float[] nextValues = [2, 8, 4, 10];
        for (var step = 0; step < 4; step++)
        {
            for (var environment = 0; environment < 2; environment++)
            {
                buffer.Values[(2 * step) + environment] = values[step];
                buffer.NextValues[(2 * step) + environment] = nextValues[step];
            }
        }

        buffer.Outcomes[2] = new StepOutcome(1, Terminated: false, Truncated: true);
        buffer.Outcomes[3] = new StepOutcome(1, Terminated: true, Truncated: false);

        buffer.ComputeAdvantages(discount: 0.5, lambda: 0.5);

        // Errors of environment 0: 1+1-1 = 1, 1+4-2 = 3, 1+2-3 = 0, 1+5-4 = 2; of environment 1 the second is 1+0-2 = -1.
        Assert.Equal(1.75f, buffer.Advantages[0]);
        Assert.Equal(3f, buffer.Advantages[2]);
        Assert.Equal(0.5f, buffer.Advantages[4]);
        Assert.Equal(2f, buffer.Advantages[6]);
        Assert.Equal(0.75f, buffer.Advantages[1]);
        Assert.Equal(-1f, buffer.Advantages[3]);
        Assert.Equal(0.5f, buffer.Advantages[5]);
        Assert.Equal(2f, buffer.Advantages[7]);
        Assert.Equal(2.75f, buffer.Returns[0]);
        Assert.Equal(1f, buffer.Returns[3]);
    }

    [Fact]
    public void Gather_ChosenSamples_NormalisesAdvantagesAndKeepsTheRest()
    {
        var rollout = new RolloutBuffer(observationSize: 2, actionSize: 2, steps: 3, environments: 1);
        for (var sample = 0; sample < 3; sample++)
        {
            rollout.Observations[sample] = sample;
            rollout.Observations[3 + sample] = 10 + sample;
            rollout.Actions[sample] = 20 + sample;
            rollout.Actions[3 + sample] = 30 + sample;
            rollout.Advantages[sample] = 5 * sample;
        }

        var minibatch = new Minibatch(observationSize: 2, actionSize: 2, size: 2);
        minibatch.Gather(rollout, [2, 1]);

        Assert.Equal([2f, 1f, 12f, 11f], minibatch.Observations);
        Assert.Equal([22f, 21f, 32f, 31f], minibatch.Actions);
        Assert.Equal(1, minibatch.Advantages[0], 1e-6);
        Assert.Equal(-1, minibatch.Advantages[1], 1e-6);
    }
}

using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.Ppo;

public sealed class AdamTests
{
    [Fact]
    public void Step_Twice_MatchesTheAlgorithmByHand()
    {
        // First, gradient 0.5: the corrected moments are 0.5 and 0.25, so the step is the learning rate itself.
        // Then, gradient -1: m = 0.9 · 0.05 - 0.1 = -0.055, corrected by 0.19; v = 0.999 · 0.00025 + 0.001 = 0.00124975,
        // corrected by 0.001999; the step is 0.1 · 0.2894737 / 0.7906881 = 0.0366104.
        float[] parameters = [1f, -2f];
        var adam = new Adam(2);

        adam.Step(parameters, [0.5f, 0f], 0.1);
        Assert.Equal(0.9, parameters[0], 1e-6);

        adam.Step(parameters, [-1f, 0f], 0.1);
        Assert.Equal(0.9366104, parameters[0], 1e-6);
        Assert.Equal(-2, parameters[1]);
        Assert.Equal(2, adam.Updates);
    }
}

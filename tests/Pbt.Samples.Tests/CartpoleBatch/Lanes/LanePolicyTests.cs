using System.Numerics;
using Pbt.Samples.CartpoleBatch.Lanes;
using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Tests.CartpoleBatch.Lanes;

public sealed class LanePolicyTests
{
    [Theory]
    [InlineData(0.3f, -0.2f)]
    [InlineData(-1.5f, 2.5f)]
    [InlineData(0f, 0f)]
    [InlineData(30f, -30f)]
    public void Policy_OfTwoLogits_IsTheCategoricalOne(float logit0, float logit1)
    {
        var lanes = new LanePolicy(new Vector<float>(logit0), new Vector<float>(logit1));
        var policy = new Categorical(2);
        var outputs = new Column([logit0, logit1], 0, 1);
        for (var action = 0; action < 2; action++)
        {
            var done = new Vector<float>(action);
            var expected = policy.Evaluate(outputs, [], new Column([action], 0, 1));
            Assert.Equal(expected.LogProbability, lanes.LogProbability(done)[0], 1e-5);
            Assert.Equal(expected.Entropy, lanes.Entropy[0], 1e-6);

            var gradient = new float[2];
            policy.Backward(outputs, [], new Column([action], 0, 1), new LikelihoodGradient(0.7, -0.1), gradient, []);
            var (by0, by1) = lanes.Backward(done, new Vector<float>(0.7f), new Vector<float>(-0.1f));
            Assert.Equal(gradient[0], by0[0], 1e-6);
            Assert.Equal(gradient[1], by1[0], 1e-6);
        }
    }

    [Fact]
    public void Choose_ByADraw_TakesEachActionAsOftenAsItIsProbable()
    {
        var policy = new LanePolicy(new Vector<float>(0), new Vector<float>(MathF.Log(3)));

        Assert.Equal(0, policy.Choose(new Vector<float>(0.249f))[0]);
        Assert.Equal(1, policy.Choose(new Vector<float>(0.251f))[0]);
    }
}

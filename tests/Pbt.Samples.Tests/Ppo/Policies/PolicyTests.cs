using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Tests.Ppo.Policies;

public sealed class PolicyTests
{
    [Fact]
    public void DiagonalGaussian_HandComputedAction_HasTheLogDensityOfTheFormula()
    {
        // Means 1 and -2, deviations 0.5 · e^0 and 0.5 · e^0.7; one deviation above the first mean, none off the second.
        var policy = new DiagonalGaussian(actionSize: 2, initialDeviation: 0.5);

        var (logDensity, entropy) = policy.Evaluate(
            new Column([1, -2], sample: 0, batch: 1), [0, 0.7f], new Column([1.5f, -2], sample: 0, batch: 1));

        var logDeviations = (2 * Math.Log(0.5)) + 0.7;
        Assert.Equal(-0.5 - logDeviations - Math.Log(2 * Math.PI), logDensity, 1e-6);
        Assert.Equal(1 + Math.Log(2 * Math.PI) + logDeviations, entropy, 1e-6);
    }

    [Fact]
    public void DiagonalGaussian_ManyActions_HaveTheMeanAndTheDeviation()
    {
        var policy = new DiagonalGaussian(actionSize: 1, initialDeviation: 0.5);
        var random = Generator.FromSeed(2);
        var drawn = new float[20_000];
        for (var i = 0; i < drawn.Length; i++)
            policy.Act(new Column([3], sample: 0, batch: 1), [(float)Math.Log(2)], random, drawn.AsSpan(i, 1));

        Assert.Equal(3, drawn.Average(), 0.03);
        Assert.Equal(1, Math.Sqrt(drawn.Average(action => (action - 3) * (action - 3))), 0.03);
    }

    [Fact]
    public void Categorical_ManyActions_ComeAsOftenAsTheyShould()
    {
        // Logits 0, ln 2 and ln 5: probabilities 1/8, 2/8 and 5/8.
        var policy = new Categorical(3);
        float[] logits = [0, MathF.Log(2), MathF.Log(5)];
        var random = Generator.FromSeed(2);
        var counts = new int[3];
        var action = new float[1];
        for (var i = 0; i < 20_000; i++)
        {
            var logProbability = policy.Act(new Column(logits, sample: 0, batch: 1), [], random, action);
            var likelihood = policy.Evaluate(new Column(logits, 0, 1), [], new Column(action, 0, 1));
            Assert.Equal(likelihood.LogProbability, logProbability);
            counts[(int)action[0]]++;
        }

        Assert.Equal(2_500, counts[0], 150.0);
        Assert.Equal(5_000, counts[1], 200.0);
        Assert.Equal(12_500, counts[2], 250.0);
    }

    [Fact]
    public void Categorical_EqualLogits_IsAsUndecidedAsCanBe()
    {
        var likelihood = new Categorical(3).Evaluate(
            new Column([7, 7, 7], sample: 0, batch: 1), [], new Column([2], sample: 0, batch: 1));

        Assert.Equal(-Math.Log(3), likelihood.LogProbability, 1e-9);
        Assert.Equal(Math.Log(3), likelihood.Entropy, 1e-9);
    }
}

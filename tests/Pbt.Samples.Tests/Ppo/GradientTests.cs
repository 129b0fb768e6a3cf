using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Tests.Ppo;

/// <summary>Compares back-propagated gradients with finite differences.</summary>
public sealed class GradientTests
{
    private const int Batch = 7;
    private const double ClipRange = 0.2;
    private const double EntropyCoefficient = 0.3;

    private static readonly double[] Ratios = [1, 0.95, 1.1, 0.5, 0.5, 1.7, 1.7];
    private static readonly float[] SignedAdvantages = [1, -2, 0.5f, 1.5f, -1, 1, -0.7f];

    public static TheoryData<string> Policies { get; } = ["two choices", "three choices", "gaussian"];

    [Theory]
    [MemberData(nameof(Policies))]
    public void Actor_InsideAndBeyondTheClipRange_HasTheGradientOfItsLoss(string name)
    {
        IPolicy policy = name switch
        {
            "two choices" => new Categorical(2),
            "three choices" => new Categorical(3),
            _ => new DiagonalGaussian(actionSize: 2, initialDeviation: 0.7),
        };
        var random = Generator.FromSeed(11);
        var actor = new Mlp([4, 5, 3, policy.OutputSize], policy.FreeCount);
        Randomize(actor, random);
        var minibatch = CreateMinibatch(random, actor, policy);
        var gradient = new float[policy.OutputSize * Batch];

        Loss();
        actor.Backward(gradient, Batch);

        AssertGradient(actor, () =>
        {
            var loss = Loss();
            return loss.Policy - (EntropyCoefficient * loss.Entropy);
        });

        PolicyLoss Loss() => PpoLoss.Actor(
            policy,
            actor.Forward(minibatch.Observations, Batch),
            actor.Free,
            minibatch,
            ClipRange,
            EntropyCoefficient,
            gradient,
            actor.FreeGradient);
    }

    [Fact]
    public void Critic_SquaredError_HasTheGradientOfItsLoss()
    {
        var random = Generator.FromSeed(12);
        var critic = new Mlp(4, 6, 1);
        Randomize(critic, random);
        var inputs = RandomArray(random, 4 * Batch);
        var returns = RandomArray(random, Batch);
        var gradient = new float[Batch];

        PpoLoss.Critic(critic.Forward(inputs, Batch), returns, gradient);
        critic.Backward(gradient, Batch);

        AssertGradient(critic, () => PpoLoss.Critic(critic.Forward(inputs, Batch), returns, gradient));
    }

    [Fact]
    public void Actor_HandComputedSample_HasTheLossOfThePaper()
    {
        // Equal logits: probability 1/2. The old one was 1/4, so the ratio is 2 and clips at 1.2.
        var minibatch = new Minibatch(observationSize: 4, actionSize: 1, size: 1);
        minibatch.LogProbabilities[0] = (float)Math.Log(0.25);
        minibatch.Advantages[0] = 3;

        var loss = PpoLoss.Actor(
            new Categorical(2), [0.4f, 0.4f], [], minibatch, ClipRange, EntropyCoefficient, new float[2], []);

        Assert.Equal(-3.6, loss.Policy, 1e-6);
        Assert.Equal(Math.Log(2), loss.Entropy, 1e-6);
        Assert.Equal(1 - Math.Log(2), loss.ApproximateKl, 1e-6);
        Assert.Equal(1, loss.ClipFraction);
    }

    [Fact]
    public void Forward_HandSetWeights_ComputesTanhThenLinear()
    {
        var network = new Mlp(2, 1, 1);
        float[] parameters = [0.5f, -0.25f, 0.1f, 2f, -1f];
        parameters.CopyTo(network.Parameters, 0);

        var outputs = network.Forward([1f, 0f, 2f, 4f], batch: 2);

        Assert.Equal((2 * Math.Tanh(0.5 - 0.5 + 0.1)) - 1, outputs[0], 1e-6);
        Assert.Equal((2 * Math.Tanh(0 - 1 + 0.1)) - 1, outputs[1], 1e-6);
    }

    /// <summary>Sets the old probabilities so that the ratios are known, and stay clear of the kinks at the bounds.</summary>
    private static Minibatch CreateMinibatch(Generator random, Mlp actor, IPolicy policy)
    {
        var minibatch = new Minibatch(observationSize: 4, policy.ActionSize, Batch);
        RandomArray(random, 4 * Batch).CopyTo(minibatch.Observations, 0);
        SignedAdvantages.CopyTo(minibatch.Advantages, 0);
        var outputs = actor.Forward(minibatch.Observations, Batch);
        var action = new float[policy.ActionSize];
        for (var b = 0; b < Batch; b++)
        {
            policy.Act(new Column(outputs, b, Batch), actor.Free, random, action);
            for (var part = 0; part < action.Length; part++)
                minibatch.Actions[(part * Batch) + b] = action[part];
            var likelihood = policy.Evaluate(
                new Column(outputs, b, Batch), actor.Free, new Column(minibatch.Actions, b, Batch));
            minibatch.LogProbabilities[b] = (float)(likelihood.LogProbability - Math.Log(Ratios[b]));
        }

        return minibatch;
    }

    private static void AssertGradient(Mlp network, Func<double> loss)
    {
        const float Step = 5e-3f;
        var expected = new double[network.Parameters.Length];
        var actual = (float[])network.Gradient.Clone();
        for (var i = 0; i < expected.Length; i++)
        {
            var value = network.Parameters[i];
            network.Parameters[i] = value + Step;
            var above = loss();
            network.Parameters[i] = value - Step;
            var below = loss();
            network.Parameters[i] = value;
            expected[i] = (above - below) / (2 * Step);
        }

        Assert.Contains(expected, value => Math.Abs(value) > 0.05);
        for (var i = 0; i < expected.Length; i++)
            Assert.Equal(expected[i], actual[i], 5e-4);
    }

    private static void Randomize(Mlp network, Generator random)
    {
        foreach (ref var parameter in network.Parameters.AsSpan())
            parameter = (float)(0.5 * random.NextGaussian());
    }

    private static float[] RandomArray(Generator random, int length) =>
        [.. Enumerable.Range(0, length).Select(_ => (float)random.NextGaussian())];
}

using System.Numerics.Tensors;

namespace Pbt.Samples.Ppo;

/// <summary>The samples of one gradient step, gathered from a rollout.</summary>
public sealed class Minibatch(int observationSize, int actionSize, int size)
{
    public int Size { get; } = size;

    public float[] Observations { get; } = new float[observationSize * size];

    public float[] Actions { get; } = new float[actionSize * size];

    public float[] LogProbabilities { get; } = new float[size];

    /// <summary>Advantages with mean 0 and deviation 1.</summary>
    public float[] Advantages { get; } = new float[size];

    public float[] Returns { get; } = new float[size];

    /// <summary>Copies the chosen samples, as many as the minibatch holds.</summary>
    public void Gather(RolloutBuffer rollout, ReadOnlySpan<int> samples)
    {
        for (var b = 0; b < Size; b++)
        {
            var sample = samples[b];
            for (var feature = 0; feature < rollout.ObservationSize; feature++)
                Observations[(feature * Size) + b] = rollout.Observations[(feature * rollout.Count) + sample];
            for (var part = 0; part < rollout.ActionSize; part++)
                Actions[(part * Size) + b] = rollout.Actions[(part * rollout.Count) + sample];
            LogProbabilities[b] = rollout.LogProbabilities[sample];
            Advantages[b] = rollout.Advantages[sample];
            Returns[b] = rollout.Returns[sample];
        }

        Normalize(Advantages);
    }

    private static void Normalize(Span<float> values)
    {
        TensorPrimitives.Subtract(values, TensorPrimitives.Sum<float>(values) / values.Length, values);
        var deviation = MathF.Sqrt(TensorPrimitives.SumOfSquares<float>(values) / values.Length);
        TensorPrimitives.Multiply(values, 1 / (deviation + 1e-8f), values);
    }
}

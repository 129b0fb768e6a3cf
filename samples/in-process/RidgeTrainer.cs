using System.Runtime.InteropServices;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Trainers.InProcess;

namespace Pbt.Samples.InProcess;

/// <summary>A linear regression by SGD with momentum, on points that are made up; the scales of its features differ widely.</summary>
public sealed class RidgeTrainer : ITrainer
{
    private const int Features = 16;
    private const int Examples = 400;
    private const double Noise = 0.5;

    private readonly (double[] Features, double Target)[] _training;
    private readonly (double[] Features, double Target)[] _validation;
    private readonly double[] _state = new double[2 * Features];

    public RidgeTrainer()
    {
        var random = new Random(1);
        var truth = Enumerable.Range(0, Features).Select(_ => Normal(random)).ToArray();
        _training = Draw(random, truth);
        _validation = Draw(random, truth);
    }

    private Span<double> Weights => _state.AsSpan(0, Features);

    private Span<double> Velocity => _state.AsSpan(Features);

    public ValueTask<TrainerResult> TrainAsync(TrainingInterval interval, CancellationToken cancellationToken)
    {
        Load(interval.CheckpointIn);

        // After loading: the checkpoint may come from a member with other hyperparameters.
        var rate = interval.Hyperparameters["learning_rate"].Number;
        var momentum = interval.Hyperparameters["momentum"].Number;
        var random = new Random(interval.Seed);
        for (var step = 0L; step < interval.Steps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            Step(_training[random.Next(Examples)], rate, momentum);
        }

        Save(interval.CheckpointOut);
        return ValueTask.FromResult(TrainerResult.Of(Loss()));
    }

    private void Step((double[] Features, double Target) example, double rate, double momentum)
    {
        var weights = Weights;
        var velocity = Velocity;
        var error = Predict(example.Features) - example.Target;
        for (var f = 0; f < Features; f++)
        {
            velocity[f] = (momentum * velocity[f]) + (error * example.Features[f]);
            weights[f] -= rate * velocity[f];
        }
    }

    /// <summary>The mean squared error on points that are not trained on; the noise alone makes about 0.25 of it.</summary>
    private double Loss() => _validation.Average(example => Math.Pow(Predict(example.Features) - example.Target, 2));

    private double Predict(double[] features)
    {
        var sum = 0.0;
        for (var f = 0; f < Features; f++)
            sum += Weights[f] * features[f];

        return sum;
    }

    private void Load(string? directory)
    {
        Array.Clear(_state);
        if (directory is not null)
        {
            using var file = File.OpenRead(Path.Combine(directory, "state.bin"));
            file.ReadExactly(MemoryMarshal.AsBytes(_state.AsSpan()));
        }
    }

    private void Save(string directory) => File.WriteAllBytes(Path.Combine(directory, "state.bin"), MemoryMarshal.AsBytes(_state.AsSpan()).ToArray());

    private static (double[] Features, double Target)[] Draw(Random random, double[] truth) => [.. Enumerable.Range(0, Examples).Select(_ =>
    {
        var features = Enumerable.Range(0, Features).Select(f => Normal(random) * Math.Pow(0.8, f)).ToArray();
        return (features, features.Zip(truth, static (x, w) => x * w).Sum() + (Noise * Normal(random)));
    })];

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

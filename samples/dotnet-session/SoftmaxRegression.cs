using System.Runtime.InteropServices;

namespace Pbt.Samples.DotnetSession;

/// <summary>A linear classifier with its optimizer's velocity: all that a checkpoint must hold.</summary>
public sealed class SoftmaxRegression(int features, int classes)
{
    private const string FileName = "model.bin";

    // One row for each class: a weight for each feature, then the bias.
    private readonly double[] _weights = new double[classes * (features + 1)];
    private readonly double[] _velocity = new double[classes * (features + 1)];
    private readonly double[] _gradient = new double[classes * (features + 1)];
    private readonly double[] _probabilities = new double[classes];

    /// <summary>Loads what <see cref="Save"/> wrote to a directory; null is from scratch.</summary>
    public void Load(string? directory)
    {
        if (directory is null)
        {
            Array.Clear(_weights);
            Array.Clear(_velocity);
            return;
        }

        using var file = File.OpenRead(Path.Combine(directory, FileName));
        file.ReadExactly(MemoryMarshal.AsBytes(_weights.AsSpan()));
        file.ReadExactly(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }

    /// <summary>Writes all that training needs in order to go on.</summary>
    public void Save(string directory)
    {
        using var file = File.Create(Path.Combine(directory, FileName));
        file.Write(MemoryMarshal.AsBytes(_weights.AsSpan()));
        file.Write(MemoryMarshal.AsBytes(_velocity.AsSpan()));
    }

    /// <summary>Takes one step on a random batch and returns the batch's mean loss.</summary>
    public double Step(Example[] examples, int batchSize, Optimizer optimizer, Random random)
    {
        Array.Clear(_gradient);
        var loss = 0.0;
        for (var i = 0; i < batchSize; i++)
        {
            var example = examples[random.Next(examples.Length)];
            loss += Predict(example);
            for (var c = 0; c < classes; c++)
            {
                var error = (_probabilities[c] - (c == example.Class ? 1 : 0)) / batchSize;
                var row = _gradient.AsSpan(c * (features + 1), features + 1);
                for (var f = 0; f < features; f++)
                    row[f] += error * example.Features[f];

                row[features] += error;
            }
        }

        for (var i = 0; i < _weights.Length; i++)
        {
            _velocity[i] = (optimizer.Momentum * _velocity[i]) + _gradient[i] + (optimizer.WeightDecay * _weights[i]);
            _weights[i] -= optimizer.LearningRate * _velocity[i];
        }

        return loss / batchSize;
    }

    /// <summary>The mean cross-entropy.</summary>
    public double Loss(Example[] examples) => examples.Average(Predict);

    /// <summary>The fraction of examples whose class is the most probable.</summary>
    public double Accuracy(Example[] examples) => examples.Average(example =>
    {
        Predict(example);
        return _probabilities.AsSpan().IndexOf(_probabilities.Max()) == example.Class ? 1.0 : 0.0;
    });

    /// <summary>Computes the probabilities of the classes; returns the cross-entropy.</summary>
    private double Predict(Example example)
    {
        for (var c = 0; c < classes; c++)
        {
            var row = _weights.AsSpan(c * (features + 1), features + 1);
            var logit = row[features];
            for (var f = 0; f < features; f++)
                logit += row[f] * example.Features[f];

            _probabilities[c] = logit;
        }

        var highest = _probabilities.Max();
        var sum = 0.0;
        for (var c = 0; c < classes; c++)
            sum += _probabilities[c] = Math.Exp(_probabilities[c] - highest);

        for (var c = 0; c < classes; c++)
            _probabilities[c] /= sum;

        return -Math.Log(Math.Max(_probabilities[example.Class], 1e-300));
    }
}

using System.Collections.Immutable;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>Ray Tune's toy: the best learning rate is a triangle wave of the accuracy reached.</summary>
/// <remarks>
/// The accuracy a starts at 0. The best rate is 0.01·a/100 below 100, then falls as it rose, clamped to [0.001, 0.01];
/// q is the ratio of the larger to the smaller of the rate and the best. Each step adds u/q if q &lt; 3, else takes
/// (q − 3)·u if the rate is above the best, u uniform in [0, 1); then adds 2·N(0, 1); a stays at or above 0.
/// </remarks>
internal sealed class TriangleTrainer : BuiltinTrainer
{
    private const double Peak = 100;
    private const double MinRate = 0.001;
    private const double MaxRate = 0.01;
    private const double Tolerance = 3;
    private const double Noise = 2;

    public override ImmutableArray<double> InitialState { get; } = [0];

    public override ImmutableArray<double> Train(ImmutableArray<double> state, Hyperparameters hyperparameters, long steps, int seed)
    {
        var rate = hyperparameters["lr"].Number;
        var random = new RandomStream((ulong)seed, member: 0, interval: 0, RandomPurpose.BuiltinTrainer);
        var accuracy = state[0];
        for (var step = 0L; step < steps; step++)
        {
            var best = Math.Clamp(MaxRate * (accuracy < Peak ? accuracy : (2 * Peak) - accuracy) / Peak, MinRate, MaxRate);
            var ratio = Math.Max(rate, best) / Math.Min(rate, best);
            if (ratio < Tolerance)
                accuracy += random.NextDouble() / ratio;
            else if (rate > best)
                accuracy -= (ratio - Tolerance) * random.NextDouble();

            accuracy = Math.Max(0, accuracy + (Noise * random.NextGaussian()));
        }

        return [accuracy];
    }

    public override double Score(ImmutableArray<double> state) => state[0];
}

using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>The toy of Jaderberg et al. 2017, figure 2: a quadratic that is trained through a surrogate.</summary>
/// <remarks>
/// Q = 1.2 − θ₀² − θ₁²; the surrogate is 1.2 − h₀θ₀² − h₁θ₁²; gradient ascent on it with rate 0.01 from θ = (0.9, 0.9).
/// The score is rounded to 12 digits, since the members start symmetric and rounding noise would break the tie.
/// </remarks>
internal sealed class QuadraticTrainer : BuiltinTrainer
{
    private const double Rate = 0.01;

    public override ImmutableArray<double> InitialState { get; } = [0.9, 0.9];

    public override ImmutableArray<double> Train(ImmutableArray<double> state, Hyperparameters hyperparameters, long steps, int seed)
    {
        var h0 = hyperparameters["h0"].Number;
        var h1 = hyperparameters["h1"].Number;
        var (theta0, theta1) = (state[0], state[1]);
        for (var step = 0L; step < steps; step++)
        {
            theta0 -= Rate * 2 * h0 * theta0;
            theta1 -= Rate * 2 * h1 * theta1;
        }

        return [theta0, theta1];
    }

    public override double Score(ImmutableArray<double> state) =>
        Math.Round(1.2 - (state[0] * state[0]) - (state[1] * state[1]), 12);
}

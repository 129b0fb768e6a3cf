using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>PBT-Zoo's plain toy: a smaller h is always better.</summary>
/// <remarks>θ starts at 0.9; each step adds 0.001 · (−2 (2 − h) θ); the score is 1.2 − θ².</remarks>
internal sealed class PlainTrainer : BuiltinTrainer
{
    private const double Rate = 0.001;

    public override ImmutableArray<double> InitialState { get; } = [0.9];

    public override ImmutableArray<double> Train(ImmutableArray<double> state, Hyperparameters hyperparameters, long steps, int seed) =>
        [Descend(state[0], 2 - hyperparameters["h"].Number, steps)];

    public override double Score(ImmutableArray<double> state) => 1.2 - (state[0] * state[0]);

    internal static double Descend(double theta, double factor, long steps)
    {
        for (var step = 0L; step < steps; step++)
            theta += Rate * (-2 * factor * theta);

        return theta;
    }
}

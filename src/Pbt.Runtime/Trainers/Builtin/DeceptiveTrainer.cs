using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>PBT-Zoo's deceptive toy: a small h pays at once and is paid for later.</summary>
/// <remarks>
/// As the plain toy, but the factor 2 − h is max(2 − h − 0.2·Σᵢ|hᵢ − (1 − iΔ/T)|, 0), the sum running over the segments of
/// Δ = 20 steps so far, of T = 1000; an interval is cut into such segments. The sum and the number of segments are part
/// of the state, so they are inherited with the weights.
/// </remarks>
internal sealed class DeceptiveTrainer : BuiltinTrainer
{
    private const int SegmentSteps = 20;
    private const double TotalSteps = 1000;
    private const double Penalty = 0.2;

    public override ImmutableArray<double> InitialState { get; } = [0.9, 0, 0];

    public override ImmutableArray<double> Train(ImmutableArray<double> state, Hyperparameters hyperparameters, long steps, int seed)
    {
        var h = hyperparameters["h"].Number;
        var (theta, deviation, segment) = (state[0], state[1], state[2]);
        for (var left = steps; left > 0; left -= SegmentSteps)
        {
            deviation += Math.Abs(h - (1 - (segment * SegmentSteps / TotalSteps)));
            theta = PlainTrainer.Descend(theta, Math.Max(2 - h - (Penalty * deviation), 0), Math.Min(left, SegmentSteps));
            segment++;
        }

        return [theta, deviation, segment];
    }

    public override double Score(ImmutableArray<double> state) => 1.2 - (state[0] * state[0]);
}

using System.Numerics;
using System.Runtime.InteropServices;
using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.CartpoleBatch.Lanes;

/// <summary>The environments of each lane's member: <see cref="CartPole"/>, many at a time.</summary>
/// <remarks>In double precision, as there: a checkpoint takes a member from one to the other without loss.</remarks>
internal sealed class LaneCartPoles(int environments)
{
    private const int Features = CartPole.ObservationSize;

    // A vector of doubles has half the lanes: each feature has a low and a high half.
    private readonly double[] _states = new double[environments * Features * LaneBuffer.Lanes];
    private readonly int[] _steps = new int[environments * LaneBuffer.Lanes];
    private readonly CartPole _one = new();

    /// <summary>Puts a member's environment into a lane.</summary>
    public void Load(int environment, int lane, CartPole from)
    {
        Element(environment, 0, lane) = from.State.Position;
        Element(environment, 1, lane) = from.State.Velocity;
        Element(environment, 2, lane) = from.State.Angle;
        Element(environment, 3, lane) = from.State.AngularVelocity;
        Steps(environment)[lane] = from.Steps;
    }

    /// <summary>Takes a member's environment from its lane.</summary>
    public void Unload(int environment, int lane, CartPole to) => to.Restore(
        new CartPoleState(
            Element(environment, 0, lane), Element(environment, 1, lane), Element(environment, 2, lane), Element(environment, 3, lane)),
        Steps(environment)[lane]);

    /// <summary>Starts an episode in one lane.</summary>
    public void Reset(int environment, int lane, Generator random)
    {
        _one.Reset(random);
        Load(environment, lane, _one);
    }

    /// <summary>Steps that each lane's running episode has taken.</summary>
    public Span<int> Steps(int environment) => _steps.AsSpan(environment * LaneBuffer.Lanes, LaneBuffer.Lanes);

    /// <summary>Writes what the policies may see.</summary>
    public void Observe(int environment, Span<Vector<float>> observation)
    {
        var halves = Halves(environment);
        for (var feature = 0; feature < Features; feature++)
            observation[feature] = Vector.Narrow(halves[2 * feature], halves[(2 * feature) + 1]);
    }

    /// <summary>Takes one step in each lane.</summary>
    /// <param name="environment">Which of each member's environments.</param>
    /// <param name="actions">0 or 1.</param>
    /// <returns>Where the episode is over, and where it was merely cut: all bits set.</returns>
    public (Vector<int> Terminated, Vector<int> Truncated) Step(int environment, Vector<float> actions)
    {
        Vector.Widen(actions, out var low, out var high);
        var halves = Halves(environment);
        var terminated = Vector.Narrow(Advance(halves, low), Advance(halves[1..], high));
        var steps = new Vector<int>(Steps(environment)) + Vector<int>.One;
        steps.CopyTo(Steps(environment));
        return (terminated, Vector.GreaterThanOrEqual(steps, new Vector<int>(CartPole.StepLimit)));
    }

    /// <summary>As <see cref="CartPole.Step"/> and <see cref="CartPole.Accelerations"/>, term by term.</summary>
    private static Vector<long> Advance(Span<Vector<double>> halves, Vector<double> actions)
    {
        const double PoleMoment = CartPole.PoleMass * CartPole.HalfPoleLength;
        ref var position = ref halves[0];
        ref var velocity = ref halves[2];
        ref var angle = ref halves[4];
        ref var angularVelocity = ref halves[6];

        var (sin, cos) = Vector.SinCos(angle);
        var force = ((2 * actions) - Vector<double>.One) * CartPole.Force;
        var push = (force + (PoleMoment * angularVelocity * angularVelocity * sin)) / new Vector<double>(CartPole.TotalMass);
        var poleAcceleration = ((CartPole.Gravity * sin) - (cos * push))
            / (CartPole.HalfPoleLength * (new Vector<double>(4.0 / 3.0) - (CartPole.PoleMass * cos * cos / new Vector<double>(CartPole.TotalMass))));
        var cartAcceleration = push - (PoleMoment * poleAcceleration * cos / new Vector<double>(CartPole.TotalMass));

        position += CartPole.SecondsPerStep * velocity;
        velocity += CartPole.SecondsPerStep * cartAcceleration;
        angle += CartPole.SecondsPerStep * angularVelocity;
        angularVelocity += CartPole.SecondsPerStep * poleAcceleration;
        return Vector.GreaterThan(Vector.Abs(position), new Vector<double>(CartPole.PositionLimit))
            | Vector.GreaterThan(Vector.Abs(angle), new Vector<double>(CartPole.AngleLimit));
    }

    private Span<Vector<double>> Halves(int environment) => MemoryMarshal.Cast<double, Vector<double>>(
        _states.AsSpan(environment * Features * LaneBuffer.Lanes, Features * LaneBuffer.Lanes));

    private ref double Element(int environment, int feature, int lane) =>
        ref _states[(((environment * Features) + feature) * LaneBuffer.Lanes) + lane];
}

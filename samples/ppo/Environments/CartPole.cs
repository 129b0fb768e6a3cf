namespace Pbt.Samples.Ppo.Environments;

/// <summary>Where cart and pole are and how they move; metres, radians and seconds.</summary>
public readonly record struct CartPoleState(double Position, double Velocity, double Angle, double AngularVelocity)
{
    public static CartPoleState operator +(CartPoleState a, CartPoleState b) => new(
        a.Position + b.Position, a.Velocity + b.Velocity, a.Angle + b.Angle, a.AngularVelocity + b.AngularVelocity);

    public static CartPoleState operator *(double factor, CartPoleState a) => new(
        factor * a.Position, factor * a.Velocity, factor * a.Angle, factor * a.AngularVelocity);

    /// <summary>Reads back what <see cref="Save"/> wrote.</summary>
    public static CartPoleState Load(BinaryReader reader) =>
        new(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());

    /// <summary>Writes all four numbers.</summary>
    public void Save(BinaryWriter writer)
    {
        writer.Write(Position);
        writer.Write(Velocity);
        writer.Write(Angle);
        writer.Write(AngularVelocity);
    }
}

/// <summary>The CartPole-v1 environment as Gymnasium defines it.</summary>
/// <remarks>
/// Barto, Sutton and Anderson (1983). Each step earns <see cref="Reward"/>, the one that ends the episode included,
/// so that an episode's return is its number of steps.
/// </remarks>
public sealed class CartPole : IEnvironment
{
    public const int ObservationSize = 4;
    public const int ActionCount = 2;
    public const int StepLimit = 500;
    public const double Reward = 1.0;

    // The physics, in metres, kilograms, newtons, radians and seconds.
    public const double Gravity = 9.8;
    public const double PoleMass = 0.1;
    public const double TotalMass = CartMass + PoleMass;
    public const double HalfPoleLength = 0.5;
    public const double Force = 10.0;
    public const double SecondsPerStep = 0.02;
    public const double PositionLimit = 2.4;
    public const double AngleLimit = 12 * Math.PI / 180;

    private const double CartMass = 1.0;
    private const double StartRange = 0.05;

    public CartPoleState State { get; private set; }

    /// <summary>Steps taken in the running episode.</summary>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public double EpisodeReturn => Steps * Reward;

    /// <summary>Starts an episode near the upright pole.</summary>
    public void Reset(Generator random)
    {
        State = new CartPoleState(Draw(), Draw(), Draw(), Draw());
        Steps = 0;

        double Draw() => random.NextDouble(-StartRange, StartRange);
    }

    /// <summary>Puts the environment into the middle of an episode.</summary>
    public void Restore(CartPoleState state, int steps)
    {
        State = state;
        Steps = steps;
    }

    /// <summary>Pushes the cart left (0) or right (1) for one step.</summary>
    public StepOutcome Step(int action)
    {
        State = Advance(State, action == 1 ? Force : -Force);
        Steps++;
        return new StepOutcome(
            Reward,
            Terminated: Math.Abs(State.Position) > PositionLimit || Math.Abs(State.Angle) > AngleLimit,
            Truncated: Steps >= StepLimit);
    }

    StepOutcome IEnvironment.Step(ReadOnlySpan<float> action) => Step((int)action[0]);

    /// <inheritdoc/>
    public void Observe(Span<float> observations, int sample, int batch)
    {
        observations[sample] = (float)State.Position;
        observations[batch + sample] = (float)State.Velocity;
        observations[(2 * batch) + sample] = (float)State.Angle;
        observations[(3 * batch) + sample] = (float)State.AngularVelocity;
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        State.Save(writer);
        writer.Write(Steps);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader reader) => Restore(CartPoleState.Load(reader), reader.ReadInt32());

    /// <summary>How cart (m/s²) and pole (rad/s²) accelerate under a force on the cart in newtons.</summary>
    public static (double Cart, double Pole) Accelerations(CartPoleState state, double force)
    {
        const double PoleMoment = PoleMass * HalfPoleLength;
        var (sin, cos) = Math.SinCos(state.Angle);
        var push = (force + (PoleMoment * state.AngularVelocity * state.AngularVelocity * sin)) / TotalMass;
        var pole = ((Gravity * sin) - (cos * push))
            / (HalfPoleLength * ((4.0 / 3.0) - (PoleMass * cos * cos / TotalMass)));
        return (push - (PoleMoment * pole * cos / TotalMass), pole);
    }

    private static CartPoleState Advance(CartPoleState state, double force)
    {
        var (acceleration, angularAcceleration) = Accelerations(state, force);

        // Explicit Euler: positions move with the velocities from before the step, as in Gymnasium.
        return new CartPoleState(
            state.Position + (SecondsPerStep * state.Velocity),
            state.Velocity + (SecondsPerStep * acceleration),
            state.Angle + (SecondsPerStep * state.AngularVelocity),
            state.AngularVelocity + (SecondsPerStep * angularAcceleration));
    }
}

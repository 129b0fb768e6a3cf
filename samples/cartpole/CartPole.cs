namespace Pbt.Samples.Cartpole;

/// <summary>Where cart and pole are and how they move; metres, radians and seconds.</summary>
public readonly record struct CartPoleState(double Position, double Velocity, double Angle, double AngularVelocity);

/// <summary>How a step ended the episode, if it did.</summary>
/// <param name="Terminated">The pole fell or the cart left the track: nothing is to be earned from here.</param>
/// <param name="Truncated">The time limit cut the episode: it would have gone on earning.</param>
public readonly record struct StepOutcome(bool Terminated, bool Truncated)
{
    public bool Ended => Terminated || Truncated;
}

/// <summary>The CartPole-v1 environment as Gymnasium defines it.</summary>
/// <remarks>
/// Barto, Sutton and Anderson (1983). Each step earns <see cref="Reward"/>, the one that ends the episode included,
/// so that an episode's return is its number of steps.
/// </remarks>
public sealed class CartPole
{
    public const int ObservationSize = 4;
    public const int ActionCount = 2;
    public const int StepLimit = 500;
    public const double Reward = 1.0;

    private const double Gravity = 9.8;
    private const double CartMass = 1.0;
    private const double PoleMass = 0.1;
    private const double TotalMass = CartMass + PoleMass;
    private const double HalfPoleLength = 0.5;
    private const double Force = 10.0;
    private const double SecondsPerStep = 0.02;
    private const double PositionLimit = 2.4;
    private const double AngleLimit = 12 * Math.PI / 180;
    private const double StartRange = 0.05;

    public CartPoleState State { get; private set; }

    /// <summary>Steps taken in the running episode.</summary>
    public int Steps { get; private set; }

    /// <summary>Starts an episode near the upright pole.</summary>
    public void Reset(Generator random)
    {
        State = new CartPoleState(Draw(), Draw(), Draw(), Draw());
        Steps = 0;

        double Draw() => random.NextDouble(-StartRange, StartRange);
    }

    /// <summary>Puts the environment into the middle of an episode, as a checkpoint kept it.</summary>
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
            Terminated: Math.Abs(State.Position) > PositionLimit || Math.Abs(State.Angle) > AngleLimit,
            Truncated: Steps >= StepLimit);
    }

    private static CartPoleState Advance(CartPoleState state, double force)
    {
        const double PoleMoment = PoleMass * HalfPoleLength;
        var (sin, cos) = Math.SinCos(state.Angle);
        var push = (force + (PoleMoment * state.AngularVelocity * state.AngularVelocity * sin)) / TotalMass;
        var angularAcceleration = ((Gravity * sin) - (cos * push))
            / (HalfPoleLength * ((4.0 / 3.0) - (PoleMass * cos * cos / TotalMass)));
        var acceleration = push - (PoleMoment * angularAcceleration * cos / TotalMass);

        // Explicit Euler: positions move with the velocities from before the step, as in Gymnasium.
        return new CartPoleState(
            state.Position + (SecondsPerStep * state.Velocity),
            state.Velocity + (SecondsPerStep * acceleration),
            state.Angle + (SecondsPerStep * state.AngularVelocity),
            state.AngularVelocity + (SecondsPerStep * angularAcceleration));
    }
}

namespace Pbt.Samples.Ppo.Environments;

/// <summary>Swing a hanging pole up by pushing its cart, and hold it there.</summary>
/// <remarks>
/// The cart and pole of CartPole-v1 under a continuous force, moved by Runge-Kutta steps; the reward is that of
/// cartpole-swingup in the DeepMind Control Suite (Tassa et al., 2018): a product of four factors, 1 where the pole
/// stands still, upright, in the middle of the track and without a push. The cart stops at the ends of the track.
/// Episodes end by the time limit only, after 10 s.
/// </remarks>
public sealed class SwingUp : IEnvironment
{
    public const int ObservationSize = 5;
    public const int ActionSize = 1;
    public const int StepLimit = 500;
    public const double ForceLimit = 10;
    public const double PositionLimit = 1.8;

    private const double SecondsPerStep = 0.02;
    private const double StartRange = 0.05;

    public CartPoleState State { get; private set; }

    /// <summary>Steps taken in the running episode.</summary>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public double EpisodeReturn { get; private set; }

    /// <summary>What a step earns that leads to a state, 0 … 1.</summary>
    /// <param name="state">Where it led.</param>
    /// <param name="push">The force as a part of the greatest, −1 … 1.</param>
    public static double Reward(CartPoleState state, double push)
    {
        var upright = (1 + Math.Cos(state.Angle)) / 2;
        var centered = (1 + Closeness(state.Position, margin: 2)) / 2;
        var calm = (4 + (1 - (push * push))) / 5;
        var still = (1 + Closeness(state.AngularVelocity, margin: 5)) / 2;
        return upright * centered * calm * still;
    }

    /// <summary>Puts the environment into the middle of an episode.</summary>
    public void Restore(CartPoleState state, int steps, double episodeReturn)
    {
        State = state;
        Steps = steps;
        EpisodeReturn = episodeReturn;
    }

    /// <summary>Starts an episode with the pole hanging almost still.</summary>
    public void Reset(Generator random)
    {
        Restore(new CartPoleState(Draw(), Draw(), Math.PI + Draw(), Draw()), steps: 0, episodeReturn: 0);

        double Draw() => random.NextDouble(-StartRange, StartRange);
    }

    /// <summary>Pushes the cart for one step.</summary>
    /// <param name="push">A part of the greatest force; what is beyond −1 … 1 is cut.</param>
    public StepOutcome Step(double push)
    {
        var applied = Math.Clamp(push, -1, 1);
        var next = Advance(State, ForceLimit * applied, SecondsPerStep);
        State = Math.Abs(next.Position) <= PositionLimit
            ? next
            : next with { Position = Math.CopySign(PositionLimit, next.Position), Velocity = 0 };
        Steps++;
        var reward = Reward(State, applied);
        EpisodeReturn += reward;
        return new StepOutcome(reward, Terminated: false, Truncated: Steps >= StepLimit);
    }

    StepOutcome IEnvironment.Step(ReadOnlySpan<float> action) => Step(action[0]);

    /// <inheritdoc/>
    public void Observe(Span<float> observations, int sample, int batch)
    {
        var (sin, cos) = Math.SinCos(State.Angle);
        ReadOnlySpan<double> features =
            [State.Position, State.Velocity / 2, cos, sin, State.AngularVelocity / 5];
        for (var feature = 0; feature < features.Length; feature++)
            observations[(feature * batch) + sample] = (float)features[feature];
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        State.Save(writer);
        writer.Write(Steps);
        writer.Write(EpisodeReturn);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader reader) =>
        Restore(CartPoleState.Load(reader), reader.ReadInt32(), reader.ReadDouble());

    /// <summary>Moves by one Runge-Kutta step of fourth order under a constant force.</summary>
    public static CartPoleState Advance(CartPoleState state, double force, double seconds)
    {
        var k1 = Derivative(state, force);
        var k2 = Derivative(state + (seconds / 2 * k1), force);
        var k3 = Derivative(state + (seconds / 2 * k2), force);
        var k4 = Derivative(state + (seconds * k3), force);
        return state + (seconds / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
    }

    private static CartPoleState Derivative(CartPoleState state, double force)
    {
        var (cart, pole) = CartPole.Accelerations(state, force);
        return new CartPoleState(state.Velocity, cart, state.AngularVelocity, pole);
    }

    /// <summary>1 at zero, and 0.1 at the margin, along a bell curve.</summary>
    private static double Closeness(double value, double margin) => Math.Pow(0.1, value * value / (margin * margin));
}

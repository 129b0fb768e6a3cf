namespace Pbt.Samples.Ppo.Environments;

/// <summary>How the two links hang and turn; radians and radians a second.</summary>
/// <param name="Angle1">Of the upper link; 0 hangs down.</param>
/// <param name="Angle2">Of the lower link against the upper one.</param>
/// <param name="Velocity1">How fast <paramref name="Angle1"/> grows.</param>
/// <param name="Velocity2">How fast <paramref name="Angle2"/> grows.</param>
public readonly record struct AcrobotState(double Angle1, double Angle2, double Velocity1, double Velocity2)
{
    public static AcrobotState operator +(AcrobotState a, AcrobotState b) => new(
        a.Angle1 + b.Angle1, a.Angle2 + b.Angle2, a.Velocity1 + b.Velocity1, a.Velocity2 + b.Velocity2);

    public static AcrobotState operator *(double factor, AcrobotState a) => new(
        factor * a.Angle1, factor * a.Angle2, factor * a.Velocity1, factor * a.Velocity2);
}

/// <summary>The Acrobot-v1 environment as Gymnasium defines it.</summary>
/// <remarks>
/// Sutton and Barto, Reinforcement Learning, section 11.3 of the first edition: two links of 1 m and 1 kg, a motor
/// only at the joint between them. Each step costs 1, but the one that swings the tip above the line ends the episode.
/// </remarks>
public sealed class Acrobot : IEnvironment
{
    public const int ObservationSize = 6;
    public const int ActionCount = 3;
    public const int StepLimit = 500;
    public const double SecondsPerStep = 0.2;
    public const double VelocityLimit1 = 4 * Math.PI;
    public const double VelocityLimit2 = 9 * Math.PI;

    private const double Gravity = 9.8;
    private const double Mass1 = 1;
    private const double Mass2 = 1;
    private const double Length1 = 1;
    private const double Center1 = 0.5;
    private const double Center2 = 0.5;
    private const double Moment1 = 1;
    private const double Moment2 = 1;
    private const double StartRange = 0.1;

    /// <summary>Velocities are shown to the policy divided by this, so that all it sees is of one size.</summary>
    private const double VelocityScale = Math.PI;

    public AcrobotState State { get; private set; }

    /// <summary>Steps taken in the running episode.</summary>
    public int Steps { get; private set; }

    /// <inheritdoc/>
    public double EpisodeReturn => IsUp(State) ? 1 - Steps : -Steps;

    /// <summary>Whether the tip is more than a link above the upper joint.</summary>
    public static bool IsUp(AcrobotState state) => -Math.Cos(state.Angle1) - Math.Cos(state.Angle1 + state.Angle2) > 1;

    /// <summary>Kinetic and potential energy in joules; without torque it stays.</summary>
    public static double Energy(AcrobotState state)
    {
        var (m11, m12, m22) = Inertia(state.Angle2);
        var kinetic = (0.5 * m11 * state.Velocity1 * state.Velocity1)
            + (m12 * state.Velocity1 * state.Velocity2)
            + (0.5 * m22 * state.Velocity2 * state.Velocity2);
        var height = -(((Mass1 * Center1) + (Mass2 * Length1)) * Math.Cos(state.Angle1))
            - (Mass2 * Center2 * Math.Cos(state.Angle1 + state.Angle2));
        return kinetic + (Gravity * height);
    }

    /// <summary>Moves by one Runge-Kutta step of fourth order under a constant torque.</summary>
    /// <param name="state">Where from.</param>
    /// <param name="torque">In newton metres, at the joint between the links.</param>
    /// <param name="seconds">How long.</param>
    public static AcrobotState Advance(AcrobotState state, double torque, double seconds)
    {
        var k1 = Derivative(state, torque);
        var k2 = Derivative(state + (seconds / 2 * k1), torque);
        var k3 = Derivative(state + (seconds / 2 * k2), torque);
        var k4 = Derivative(state + (seconds * k3), torque);
        return state + (seconds / 6 * (k1 + (2 * k2) + (2 * k3) + k4));
    }

    /// <summary>Puts the environment into the middle of an episode.</summary>
    public void Restore(AcrobotState state, int steps)
    {
        State = state;
        Steps = steps;
    }

    /// <summary>Turns the joint with −1 (0), no (1) or +1 (2) newton metre for one step.</summary>
    public StepOutcome Step(int action)
    {
        var next = Advance(State, action - 1, SecondsPerStep);
        State = new AcrobotState(
            Math.IEEERemainder(next.Angle1, 2 * Math.PI),
            Math.IEEERemainder(next.Angle2, 2 * Math.PI),
            Math.Clamp(next.Velocity1, -VelocityLimit1, VelocityLimit1),
            Math.Clamp(next.Velocity2, -VelocityLimit2, VelocityLimit2));
        Steps++;
        var terminated = IsUp(State);
        return new StepOutcome(terminated ? 0 : -1, terminated, Truncated: Steps >= StepLimit);
    }

    StepOutcome IEnvironment.Step(ReadOnlySpan<float> action) => Step((int)action[0]);

    /// <summary>Starts an episode with both links hanging almost still.</summary>
    public void Reset(Generator random)
    {
        Restore(new AcrobotState(Draw(), Draw(), Draw(), Draw()), 0);

        double Draw() => random.NextDouble(-StartRange, StartRange);
    }

    /// <inheritdoc/>
    public void Observe(Span<float> observations, int sample, int batch)
    {
        var (sin1, cos1) = Math.SinCos(State.Angle1);
        var (sin2, cos2) = Math.SinCos(State.Angle2);
        ReadOnlySpan<double> features =
            [cos1, sin1, cos2, sin2, State.Velocity1 / VelocityScale, State.Velocity2 / VelocityScale];
        for (var feature = 0; feature < features.Length; feature++)
            observations[(feature * batch) + sample] = (float)features[feature];
    }

    /// <inheritdoc/>
    public void Save(BinaryWriter writer)
    {
        writer.Write(State.Angle1);
        writer.Write(State.Angle2);
        writer.Write(State.Velocity1);
        writer.Write(State.Velocity2);
        writer.Write(Steps);
    }

    /// <inheritdoc/>
    public void Load(BinaryReader reader)
    {
        var state = new AcrobotState(reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble(), reader.ReadDouble());
        Restore(state, reader.ReadInt32());
    }

    /// <summary>The mass matrix: how velocities make kinetic energy.</summary>
    private static (double M11, double M12, double M22) Inertia(double angle2)
    {
        const double M22 = (Mass2 * Center2 * Center2) + Moment2;
        var coupling = Mass2 * Length1 * Center2 * Math.Cos(angle2);
        return ((Mass1 * Center1 * Center1) + (Mass2 * Length1 * Length1) + Moment1 + M22 + (2 * coupling), M22 + coupling, M22);
    }

    private static AcrobotState Derivative(AcrobotState state, double torque)
    {
        var (angle1, angle2, velocity1, velocity2) = state;
        var (m11, m12, m22) = Inertia(angle2);
        var centrifugal = Mass2 * Length1 * Center2 * Math.Sin(angle2);
        var weight2 = Mass2 * Center2 * Gravity * Math.Sin(angle1 + angle2);
        var weight1 = (((Mass1 * Center1) + (Mass2 * Length1)) * Gravity * Math.Sin(angle1)) + weight2;

        // What is left of the torques on each joint once those of motion and weight are taken off; then M a = torque.
        var torque1 = (centrifugal * velocity2 * (velocity2 + (2 * velocity1))) - weight1;
        var torque2 = torque - (centrifugal * velocity1 * velocity1) - weight2;
        var determinant = (m11 * m22) - (m12 * m12);
        return new AcrobotState(
            velocity1,
            velocity2,
            ((m22 * torque1) - (m12 * torque2)) / determinant,
            ((m11 * torque2) - (m12 * torque1)) / determinant);
    }
}

using Pbt.Samples.Ppo.Environments;
using Pbt.Samples.Ppo.Policies;

namespace Pbt.Samples.Ppo;

/// <summary>What is learned, and how it is set up: all that a study does not tune.</summary>
public sealed record PpoTask
{
    /// <summary>CartPole-v1: keep a pole upright.</summary>
    public static readonly PpoTask CartPole = new()
    {
        Name = "cartpole",
        CreateEnvironment = static () => new CartPole(),
        ObservationSize = Environments.CartPole.ObservationSize,
        Policy = new Categorical(Environments.CartPole.ActionCount),
        RewardScale = 0.01f,
    };

    /// <summary>Acrobot-v1: swing the lower of two links up.</summary>
    public static readonly PpoTask Acrobot = new()
    {
        Name = "acrobot",
        CreateEnvironment = static () => new Acrobot(),
        ObservationSize = Environments.Acrobot.ObservationSize,
        Policy = new Categorical(Environments.Acrobot.ActionCount),
        RewardScale = 0.01f,
    };

    /// <summary>Swing a pole up with a cart and hold it.</summary>
    public static readonly PpoTask SwingUp = new()
    {
        Name = "swingup",
        CreateEnvironment = static () => new SwingUp(),
        ObservationSize = Environments.SwingUp.ObservationSize,
        Policy = new DiagonalGaussian(Environments.SwingUp.ActionSize),
        RewardScale = 0.05f,
    };

    /// <summary>Every task.</summary>
    public static IReadOnlyList<PpoTask> All { get; } = [CartPole, Acrobot, SwingUp];

    /// <summary>Finds a task.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static PpoTask Named(string name) =>
        All.FirstOrDefault(task => string.Equals(task.Name, name, StringComparison.Ordinal))
        ?? throw new UsageException($"There is no environment '{name}'; there are {string.Join(", ", All.Select(task => task.Name))}.");

    /// <summary>What people call it; checkpoints bear it too.</summary>
    public required string Name { get; init; }

    public required Func<IEnvironment> CreateEnvironment { get; init; }

    /// <summary>Numbers that make one observation.</summary>
    public required int ObservationSize { get; init; }

    /// <summary>What the actor's outputs mean.</summary>
    public required IPolicy Policy { get; init; }

    /// <summary>Environments that are stepped side by side.</summary>
    public int EnvironmentCount { get; init; } = 8;

    /// <summary>Steps that each takes between two updates of the policy.</summary>
    public int StepsPerEnvironment { get; init; } = 128;

    /// <summary>Samples of one gradient step; divides <see cref="RolloutSteps"/>.</summary>
    public int MinibatchSize { get; init; } = 256;

    /// <summary>Width of both hidden layers, of actor and critic.</summary>
    public int HiddenWidth { get; init; } = 64;

    /// <summary>Brings the critic's targets near 1, where a small network learns fast. The actor sees normalised advantages.</summary>
    public required float RewardScale { get; init; }

    /// <summary>Environment steps between two updates of the policy; training goes by whole rollouts.</summary>
    public int RolloutSteps => StepsPerEnvironment * EnvironmentCount;
}

using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Ppo;

/// <summary>Everything that training carries from one interval to the next; a checkpoint holds exactly this.</summary>
/// <remarks>Hyperparameters are not here: a study hands them over anew for each interval.</remarks>
public sealed class TrainingState
{
    public const int ReturnWindow = 20;

    private TrainingState(PpoTask task, Generator random)
    {
        Task = task;
        Random = random;
        Actor = new Mlp([task.ObservationSize, task.HiddenWidth, task.HiddenWidth, task.Policy.OutputSize], task.Policy.FreeCount);
        Critic = new Mlp(task.ObservationSize, task.HiddenWidth, task.HiddenWidth, 1);
        ActorOptimizer = new Adam(Actor.Parameters.Length);
        CriticOptimizer = new Adam(Critic.Parameters.Length);
        Environments = [.. Enumerable.Range(0, task.EnvironmentCount).Select(_ => task.CreateEnvironment())];
    }

    /// <summary>What is learned.</summary>
    public PpoTask Task { get; }

    public Generator Random { get; set; }

    public Mlp Actor { get; }

    public Mlp Critic { get; }

    public Adam ActorOptimizer { get; }

    public Adam CriticOptimizer { get; }

    public IReadOnlyList<IEnvironment> Environments { get; }

    /// <summary>Returns of the last finished episodes, the oldest first.</summary>
    public Queue<double> RecentReturns { get; } = new(ReturnWindow + 1);

    /// <summary>Environment steps since the weights were drawn, those of inherited checkpoints included.</summary>
    public long TotalSteps { get; set; }

    /// <summary>Untrained networks and fresh episodes.</summary>
    public static TrainingState Create(PpoTask task, ulong seed)
    {
        var state = new TrainingState(task, Generator.FromSeed(seed));
        state.Actor.Initialize(state.Random, outputGain: 0.01);
        state.Critic.Initialize(state.Random, outputGain: 1);
        foreach (var environment in state.Environments)
            environment.Reset(state.Random);
        return state;
    }

    /// <summary>A state of the right shape for a checkpoint to fill.</summary>
    public static TrainingState CreateEmpty(PpoTask task) => new(task, new Generator());

    /// <summary>Remembers the return of an episode that ended.</summary>
    public void RecordReturn(double value)
    {
        RecentReturns.Enqueue(value);
        if (RecentReturns.Count > ReturnWindow)
            RecentReturns.Dequeue();
    }

    /// <summary>Fails loudly: a member that learned nonsense is rescued by a donor, but only if the study is told.</summary>
    /// <exception cref="TrainingException">There is no score, or the weights are no numbers.</exception>
    public void EnsureUsable()
    {
        if (RecentReturns.Count == 0)
            throw new TrainingException("No episode ended, so there is no score: give more --steps.");
        if (!Actor.IsFinite || !Critic.IsFinite)
            throw new TrainingException("Training diverged: a network has weights that are no numbers.");
    }
}

/// <summary>The interval has no usable outcome.</summary>
public sealed class TrainingException(string message) : Exception(message);

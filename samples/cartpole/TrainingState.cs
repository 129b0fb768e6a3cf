namespace Pbt.Samples.Cartpole;

/// <summary>Everything that training carries from one interval to the next; a checkpoint holds exactly this.</summary>
/// <remarks>Hyperparameters are not here: a study hands them over anew for each interval.</remarks>
public sealed class TrainingState
{
    public const int EnvironmentCount = 8;
    public const int ReturnWindow = 20;

    private const int HiddenWidth = 64;

    private TrainingState(Generator random)
    {
        Random = random;
        ActorOptimizer = new Adam(Actor.Parameters.Length);
        CriticOptimizer = new Adam(Critic.Parameters.Length);
    }

    public Generator Random { get; set; }

    public Mlp Actor { get; } = new(CartPole.ObservationSize, HiddenWidth, HiddenWidth, CartPole.ActionCount);

    public Mlp Critic { get; } = new(CartPole.ObservationSize, HiddenWidth, HiddenWidth, 1);

    public Adam ActorOptimizer { get; }

    public Adam CriticOptimizer { get; }

    public CartPole[] Environments { get; } = [.. Enumerable.Range(0, EnvironmentCount).Select(_ => new CartPole())];

    /// <summary>Returns of the last finished episodes, the oldest first.</summary>
    public Queue<double> RecentReturns { get; } = new(ReturnWindow + 1);

    /// <summary>Environment steps since the weights were drawn, those of inherited checkpoints included.</summary>
    public long TotalSteps { get; set; }

    /// <summary>Untrained networks and fresh episodes.</summary>
    public static TrainingState Create(ulong seed)
    {
        var state = new TrainingState(Generator.FromSeed(seed));
        state.Actor.Initialize(state.Random, outputGain: 0.01);
        state.Critic.Initialize(state.Random, outputGain: 1);
        foreach (var environment in state.Environments)
            environment.Reset(state.Random);
        return state;
    }

    /// <summary>A state of the right shape for a checkpoint to fill.</summary>
    public static TrainingState CreateEmpty() => new(new Generator());

    /// <summary>Remembers the return of an episode that ended.</summary>
    public void RecordReturn(double value)
    {
        RecentReturns.Enqueue(value);
        if (RecentReturns.Count > ReturnWindow)
            RecentReturns.Dequeue();
    }
}

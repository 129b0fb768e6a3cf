using Pbt.Chaos.Rounds;

namespace Pbt.Chaos.Faults;

/// <summary>Something that an adversary does to a study that runs.</summary>
internal abstract class Fault
{
    /// <summary>Its name in tables.</summary>
    public abstract string Kind { get; }

    /// <summary>How often it is drawn, compared with others.</summary>
    public virtual int Weight => 2;

    /// <summary>Why it cannot be had here, or null.</summary>
    public virtual string? Obstacle(Stage stage) => null;

    /// <summary>Whether it fits the round: what changes a synchronous outcome by right does not.</summary>
    public virtual bool Suits(RoundPlan plan) => true;

    /// <summary>Does it: true if it took effect, null if it goes on and will be counted when it ends.</summary>
    public abstract Task<bool?> InflictAsync(Battlefield field);

    /// <summary>All kinds.</summary>
    public static IReadOnlyList<Fault> All { get; } =
    [
        new KillWorker(),
        new KillTrainer(),
        new KillRun(),
        new StopWorker(withTrainers: false),
        new StopWorker(withTrainers: true),
        new StopLockHolder(),
        new TearTail(whileOthersWork: true),
        new TearTail(whileOthersWork: false),
        new FullDisk(),
        new ReadOnlyDirectory(),
        new DeleteAttempt("staged checkpoint"),
        new DeleteAttempt("scratch files"),
        new DeleteAttempt("log"),
        new DeleteAttempt("heartbeat"),
        new DeleteAttempt("metrics"),
        new DamageCheckpoint(),
        new StartWorker(),
        new StopPolitely(),
        new PauseAndResume(),
        new CollectGarbage(),
        new Observe(),
    ];
}

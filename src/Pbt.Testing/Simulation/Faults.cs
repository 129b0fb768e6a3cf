namespace Pbt.Testing.Simulation;

/// <summary>What may go wrong in a simulated study.</summary>
[Flags]
public enum Faults
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>A worker dies between any two turns; its process is seen to be gone on its host, elsewhere it falls silent.</summary>
    Crash = 1 << 0,

    /// <summary>A worker stands still, often beyond its lease, and goes on as if nothing had been.</summary>
    Freeze = 1 << 1,

    /// <summary>A worker is asked to stop, politely or at once.</summary>
    Stop = 1 << 2,

    /// <summary>A transaction fails before it is carried out.</summary>
    StoreBefore = 1 << 3,

    /// <summary>A transaction is carried out and the caller is told that it failed.</summary>
    StoreAfter = 1 << 4,

    /// <summary>Transactions take seconds, sometimes longer than a lease, and waiting for growth fails.</summary>
    StoreSlow = 1 << 5,

    /// <summary>One worker cannot reach the store for a while.</summary>
    Outage = 1 << 6,

    /// <summary>Heartbeats cannot be written or read for a while.</summary>
    Heartbeat = 1 << 7,

    /// <summary>Checkpoints cannot be staged, published, fetched or deleted just now, or were published although it is said that they were not.</summary>
    Files = 1 << 8,

    /// <summary>Something outside kills trainers, and the machinery around them fails.</summary>
    TrainerKilled = 1 << 9,

    /// <summary>Workers join that nobody needs.</summary>
    Join = 1 << 10,

    /// <summary>A user pauses, resumes, stops, extends the budget and changes the lease and what is kept.</summary>
    User = 1 << 11,

    /// <summary>All of them.</summary>
    All = (1 << 12) - 1,
}

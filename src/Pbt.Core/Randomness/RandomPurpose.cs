namespace Pbt.Core.Randomness;

/// <summary>What a draw is for: the last word of a stream's key.</summary>
/// <remarks>The numbers are frozen: the same seed gives the same study in every later version (docs/randomness.md).</remarks>
public enum RandomPurpose
{
    /// <summary>A member's first hyperparameters.</summary>
    InitialHyperparameters = 1,

    /// <summary>The seed a trainer is given; the draw's index is the number of failures of this interval so far.</summary>
    TrainerSeed = 2,

    /// <summary>Whether to exploit, and whom.</summary>
    Exploit = 3,

    /// <summary>New hyperparameters after an interval.</summary>
    Explore = 4,

    /// <summary>The donor of a failed member.</summary>
    Rescue = 5,

    /// <summary>A design over the whole initial population, such as a latin hypercube; member and interval are 0.</summary>
    InitialDesign = 6,

    /// <summary>The simulated world of a built-in trainer: its noise, keyed by the trainer's seed.</summary>
    BuiltinTrainer = 7,

    /// <summary>The donor of a member whose start is damaged and has no intact ancestor, then the member's new hyperparameters.</summary>
    Recovery = 8,

    /// <summary>What a whole population explores together after an interval; member is 0.</summary>
    ExploreBatch = 9,

    /// <summary>Which of the members equally far behind is first in a simulated asynchronous study; member is 0, interval the attempt's number.</summary>
    SimulatedOrder = 30,

    /// <summary>The resamples of a bootstrap interval; no study draws them. Member is the sample's place, interval the resample's.</summary>
    Bootstrap = 100,
}

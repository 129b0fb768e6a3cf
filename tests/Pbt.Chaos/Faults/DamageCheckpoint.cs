using Pbt.Chaos.Rounds;

namespace Pbt.Chaos.Faults;

/// <summary>Damages a published checkpoint that a member goes on from: flips a byte, cuts a file, removes it.</summary>
internal sealed class DamageCheckpoint : Fault
{
    // Becomes true with the verification of digests as checkpoints are loaded.
    private const bool IsSwitchedOn = false;

    public override string Kind => "damage checkpoint";

    public override string? Obstacle(Stage stage) => IsSwitchedOn ? null : "this pbt does not verify checkpoints as they are loaded";

    /// <summary>Falling back to an older checkpoint changes what is computed, so not in synchronous rounds.</summary>
    public override bool Suits(RoundPlan plan) => !plan.IsSynchronous;

    public override Task<bool?> InflictAsync(Battlefield field) => Task.FromResult<bool?>(false);
}

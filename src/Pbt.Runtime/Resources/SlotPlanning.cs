namespace Pbt.Runtime.Resources;

/// <summary>What came of planning slots.</summary>
/// <remarks>Closed: either <see cref="Planned"/> or <see cref="Refused"/>.</remarks>
public abstract record SlotPlanning
{
    private SlotPlanning()
    {
    }

    /// <summary>The request fits.</summary>
    /// <param name="Plan">The slots.</param>
    public sealed record Planned(SlotPlan Plan) : SlotPlanning;

    /// <summary>The request does not fit this machine, or contradicts itself.</summary>
    /// <param name="Reason">What does not fit and how to mend it, in the words of the study's spec.</param>
    public sealed record Refused(string Reason) : SlotPlanning;
}

namespace Pbt.Client;

/// <summary>Whose interval produced a checkpoint.</summary>
/// <param name="Member">The member, from 0.</param>
/// <param name="Interval">Which of its intervals, from 1.</param>
public readonly record struct IntervalOrigin(int Member, int Interval);

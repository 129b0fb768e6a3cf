using System.Globalization;

namespace Pbt.Chaos.Checks;

/// <summary>A checkpoint by the attempt that made it.</summary>
/// <param name="Member">Whose.</param>
/// <param name="Interval">At the end of which interval.</param>
/// <param name="Attempt">By which attempt.</param>
internal readonly record struct CheckpointName(int Member, int Interval, long Attempt)
{
    /// <summary>Its path below <c>checkpoints</c>.</summary>
    public override string ToString() => FormattableString.Invariant($"m{Member:D4}/i{Interval:D6}-a{Attempt:D6}");

    /// <summary>Reads it as the journal has it; null if it is none.</summary>
    public static CheckpointName? Parse(string text)
    {
        var parts = text.Split('/', '-');
        return parts is [['m', .. var member], ['i', .. var interval], ['a', .. var attempt]]
            && int.TryParse(member, CultureInfo.InvariantCulture, out var m) && int.TryParse(interval, CultureInfo.InvariantCulture, out var i) && long.TryParse(attempt, CultureInfo.InvariantCulture, out var a)
            ? new CheckpointName(m, i, a)
            : null;
    }
}

/// <summary>A completed interval as the journal has it.</summary>
/// <param name="Name">Its checkpoint.</param>
/// <param name="Start">What it started from; null is from scratch.</param>
/// <param name="Hyperparameters">Their text.</param>
/// <param name="Seed">The trainer's seed.</param>
/// <param name="Score">The recorded score.</param>
/// <param name="Started">The version at which its attempt started.</param>
internal sealed record Produced(CheckpointName Name, CheckpointName? Start, string Hyperparameters, int Seed, double Score, long Started);

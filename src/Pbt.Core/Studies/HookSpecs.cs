using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>What a user's program can be run for.</summary>
public enum HookKind
{
    /// <summary>A member completed an interval.</summary>
    Interval,

    /// <summary>A member completed an interval with a better score than any before; a tie is none.</summary>
    Best,

    /// <summary>A member took a donor's weights or hyperparameters.</summary>
    Exploit,

    /// <summary>A member whose interval failed, or whose checkpoint is damaged, took a donor's weights.</summary>
    Rescue,

    /// <summary>An attempt failed by the trainer's own fault.</summary>
    Failed,

    /// <summary>A worker was found dead.</summary>
    Lost,

    /// <summary>The study ended: completed, failed or stopped.</summary>
    Finished,
}

/// <summary>The user's programs that are run when something happens.</summary>
public sealed record HooksSpec
{
    /// <summary>No hooks.</summary>
    public static HooksSpec None { get; } = new();

    /// <summary>The program and its arguments for each kind; never given to a shell.</summary>
    public ImmutableSortedDictionary<HookKind, ImmutableArray<CommandArgument>> Commands { get; init; } =
        ImmutableSortedDictionary<HookKind, ImmutableArray<CommandArgument>>.Empty;

    /// <summary>How long one may take. Default 30 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Whether there are none.</summary>
    public bool IsEmpty => Commands.IsEmpty;
}

using System.Collections.Immutable;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>What starts workers.</summary>
public abstract record BackendSpec
{
    /// <summary>The words for all backends.</summary>
    public static ImmutableArray<string> Kinds => Vocabulary.Backends;

    /// <summary>The word for it in a spec.</summary>
    public abstract string Kind { get; }
}

/// <summary>Worker processes on this machine, which end with the command that started them.</summary>
public sealed record LocalBackendSpec : BackendSpec
{
    /// <inheritdoc/>
    public override string Kind => "local";
}

/// <summary>Workers that are jobs of a scheduler: they go on without the command that submitted them.</summary>
public abstract record JobBackendSpec : BackendSpec
{
    /// <summary>Attempts at a time in each worker; at least 1. Default 1.</summary>
    public int SlotsPerWorker { get; init; } = 1;

    /// <summary>Workers that may be started in place of ended ones before an interval has been completed in between; 0 or above. Default 16.</summary>
    public int Replacements { get; init; } = 16;

    /// <summary>How often the scheduler is asked. Default 10 s.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The program <c>pbt</c> where workers run; null for the one that submits them, at the same path.</summary>
    public string? Pbt { get; init; }

    /// <summary>The study's directory where workers run; null for the same path as here.</summary>
    public string? Directory { get; init; }

    /// <summary>Workers that wait or run at a time at most; 1 or above; null is no bound of its own.</summary>
    public int? AtOnce { get; init; }

    /// <summary>What people call the scheduler.</summary>
    public virtual string Scheduler => Kind;

    /// <summary>Workers that run at a time at most, while others wait; 1 or above; null is as many as there are.</summary>
    public int? Throttle { get; init; }
}

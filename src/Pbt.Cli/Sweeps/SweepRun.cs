using System.Globalization;
using Pbt.Cli.Comparisons;
using Pbt.Core.Studies;
using Pbt.Core.Sweeps;
using Pbt.Storage;

namespace Pbt.Cli.Sweeps;

/// <summary>One study of a sweep with one seed.</summary>
/// <param name="Study">The study.</param>
/// <param name="Seed">The seed.</param>
/// <param name="Place">Its directory: <c>DIR/NAME/seed-S</c>.</param>
internal sealed record SweepRun(SweptStudy Study, ulong Seed, StudyDirectory Place)
{
    /// <summary>What it is called: <c>NAME/seed-S</c>.</summary>
    public string Name => $"{Study.Name}/{FolderOf(Seed)}";

    /// <summary>What is run.</summary>
    public StudySpec Spec { get; } = Study.Spec with { Seed = Seed };

    /// <summary>The spec as a file, which <c>pbt run</c> is given.</summary>
    public string SpecPath => Place.Root + ".json";

    /// <summary>What <c>pbt run</c> prints.</summary>
    public string LogPath => Place.Root + ".log";

    /// <summary>The folder of a run within its study's.</summary>
    public static string FolderOf(ulong seed) => string.Create(CultureInfo.InvariantCulture, $"seed-{seed}");
}

/// <summary>How a run stands.</summary>
/// <remarks>Closed.</remarks>
internal abstract record RunState
{
    private RunState()
    {
    }

    /// <summary>The word for it.</summary>
    public abstract string Word { get; }

    /// <summary>It has not begun.</summary>
    public sealed record New : RunState
    {
        /// <inheritdoc/>
        public override string Word => "new";
    }

    /// <summary>It has begun, and the same command goes on with it.</summary>
    /// <param name="Progress">How far it is, in words.</param>
    public sealed record Begun(string Progress) : RunState
    {
        /// <inheritdoc/>
        public override string Word => "begun";
    }

    /// <summary>It is complete.</summary>
    /// <param name="Run">Its scores.</param>
    public sealed record Completed(EndedRun Run) : RunState
    {
        /// <inheritdoc/>
        public override string Word => "completed";
    }

    /// <summary>It has failed, or could not be run.</summary>
    /// <param name="Reason">Why, and how to proceed.</param>
    public sealed record Failed(string Reason) : RunState
    {
        /// <inheritdoc/>
        public override string Word => "failed";
    }

    /// <summary>Somebody stopped it.</summary>
    public sealed record Stopped : RunState
    {
        /// <inheritdoc/>
        public override string Word => "stopped";
    }
}

/// <summary>A run and how it stands.</summary>
internal sealed record StandingRun(SweepRun Run, RunState State)
{
    /// <summary>Whether there is something to run.</summary>
    public bool IsOutstanding => State is RunState.New or RunState.Begun;
}

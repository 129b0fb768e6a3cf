using System.Text.Json;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers;

/// <summary>Everything that one attempt needs to know.</summary>
public sealed record AttemptContext
{
    /// <summary>The study's spec.</summary>
    public required StudySpec Spec { get; init; }

    /// <summary>Which interval of which member, with which hyperparameters.</summary>
    public required Assignment Assignment { get; init; }

    /// <summary>The directory of the checkpoint to start from, or null to start from scratch. Must not be written to.</summary>
    public required string? CheckpointIn { get; init; }

    /// <summary>The empty directory that the attempt writes its checkpoint to.</summary>
    public required string CheckpointOut { get; init; }

    /// <summary>The file that takes what the trainer prints.</summary>
    public required string LogPath { get; init; }

    /// <summary>A directory for short-lived files, removed after the attempt.</summary>
    public required string ScratchPath { get; init; }

    /// <summary>Environment variables of the slot, such as its GPU mask.</summary>
    public required IReadOnlyDictionary<string, string> SlotEnvironment { get; init; }

    /// <summary>Takes progress reports: JSON objects. Thread-safe.</summary>
    public required Action<IReadOnlyList<JsonElement>> Progress { get; init; }
}

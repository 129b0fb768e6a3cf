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

    /// <summary>The file that takes what a trainer prints that is started for this attempt and outlives it; its directory may be missing.</summary>
    public required string TrainerLogPath { get; init; }

    /// <summary>Which of the places of its slot runs the attempt, from 0; only one attempt at a time is in a place.</summary>
    public int Place { get; init; }

    /// <summary>Whether the trainer is to go on from what it has in this place, rather than from the checkpoint, which was not looked at.</summary>
    public bool IsHeld { get; init; }

    /// <summary>A directory for short-lived files, removed after the attempt; missing unless <see cref="HasScratch"/>.</summary>
    public required string ScratchPath { get; init; }

    /// <summary>Environment variables of the slot, such as its GPU mask.</summary>
    public required IReadOnlyDictionary<string, string> SlotEnvironment { get; init; }

    /// <summary>Takes progress reports: JSON objects. Thread-safe.</summary>
    public required Action<IReadOnlyList<JsonElement>> Progress { get; init; }

    /// <summary>Whether the attempts of a study have a directory for short-lived files: where a program runs for each of them.</summary>
    public static bool HasScratch(StudySpec spec) => spec.Trainer is CommandTrainerSpec || spec.Evaluate is not null;
}

using System.Globalization;
using Pbt.Core.Population;

namespace Pbt.Storage;

/// <summary>Where things are in a study's directory.</summary>
/// <remarks>Immutable; touches nothing. Paths are absolute.</remarks>
public sealed class StudyDirectory
{
    /// <summary>Names the directory; it need not exist.</summary>
    public StudyDirectory(string root) => Root = Path.GetFullPath(root);

    /// <summary>The directory itself.</summary>
    public string Root { get; }

    /// <summary>The spec as it was given at creation, for people; the journal's copy is the one that counts.</summary>
    public string Spec => Path.Combine(Root, "study.yaml");

    /// <summary>The events.</summary>
    public string Journal => Path.Combine(Root, "journal.jsonl");

    /// <summary>The address of the database that has the events, if they are not in the journal.</summary>
    public string Store => Path.Combine(Root, "store");

    /// <summary>A cache of the journal's fold, which may be deleted at any time.</summary>
    public string Snapshot => Path.Combine(Root, "snapshot");

    /// <summary>One heartbeat file a worker.</summary>
    public string Workers => Path.Combine(Root, "workers");

    /// <summary>The published checkpoints and those being written.</summary>
    public string Checkpoints => Path.Combine(Root, "checkpoints");

    /// <summary>Progress inside intervals, one file a member.</summary>
    public string Metrics => Path.Combine(Root, "metrics");

    /// <summary>What trainers and workers print.</summary>
    public string Logs => Path.Combine(Root, "logs");

    /// <summary>Short-lived files of running attempts.</summary>
    public string Attempts => Path.Combine(Root, "attempts");

    /// <summary>Who runs hooks, and up to which event they were run.</summary>
    public string Hooks => Path.Combine(Root, "hooks");

    /// <summary>What hooks print, and how they end.</summary>
    public string HookLog => Path.Combine(Logs, "hooks.log");

    /// <summary>Whether there is a study here.</summary>
    public bool HasStudy => File.Exists(Journal) || File.Exists(Store);

    /// <summary>A worker's heartbeat file.</summary>
    /// <exception cref="ArgumentException">The name is none that a worker may have: it could lead out of the directory.</exception>
    public string HeartbeatOf(WorkerId worker) =>
        worker.IsValid ? Path.Combine(Workers, worker.Value) : throw new ArgumentException($"'{worker.Value}' is no worker's name.", nameof(worker));

    /// <summary>The log of one attempt: its standard output and error.</summary>
    public string LogOf(CheckpointId attempt) => Path.Combine(Logs, attempt + ".log");

    /// <summary>The log of a trainer that outlives attempts, named by the one that it was started for.</summary>
    public string TrainerLogOf(AttemptId first) => Path.Combine(Logs, "trainers", first + ".log");

    /// <summary>The short-lived files of one attempt.</summary>
    public string ScratchOf(AttemptId attempt) => Path.Combine(Attempts, attempt.ToString());

    /// <summary>The file by which a worker finds out, beside an attempt's short-lived files, whether the file system takes writes.</summary>
    public string ProbeOf(AttemptId attempt) => ScratchOf(attempt) + ".probe";

    /// <summary>A member's progress inside intervals.</summary>
    public string MetricsOf(MemberId member) =>
        Path.Combine(Metrics, string.Create(CultureInfo.InvariantCulture, $"m{member.Value:D4}.jsonl"));
}

using System.Text;
using Pbt.Core.Population;

namespace Pbt.Storage.Journal;

/// <summary>The name that each event has in the journal.</summary>
/// <remarks>Frozen: a name once given is never changed and never used for something else.</remarks>
internal static class EventNames
{
    public const string AttemptStarted = "attempt_started";
    public const string IntervalCompleted = "interval_completed";
    public const string MemberDecided = "member_decided";

    // The frequent ones first: a reader looks through them in this order.
    private static readonly (string Name, byte[] Utf8, Type Type)[] Table =
    [
        Entry<AttemptStarted>(AttemptStarted),
        Entry<IntervalCompleted>(IntervalCompleted),
        Entry<MemberDecided>(MemberDecided),
        Entry<StudyCreated>("study_created"),
        Entry<MemberCreated>("member_created"),
        Entry<WorkerJoined>("worker_joined"),
        Entry<WorkerLeft>("worker_left"),
        Entry<WorkerLost>("worker_lost"),
        Entry<AttemptReleased>("attempt_released"),
        Entry<AttemptFailed>("attempt_failed"),
        Entry<StudyPaused>("study_paused"),
        Entry<StudyResumed>("study_resumed"),
        Entry<StudyStopped>("study_stopped"),
        Entry<StudyEnded>("study_ended"),
        Entry<SpecChanged>("spec_changed"),
        Entry<CheckpointDamaged>("checkpoint_damaged"),
        Entry<MemberRecovered>("member_recovered"),
        Entry<MemberRetired>("member_retired"),
        Entry<LogRepaired>("log_repaired"),
    ];

    /// <summary>Every name with its event's type.</summary>
    public static IEnumerable<(string Name, Type Type)> All => Table.Select(static entry => (entry.Name, entry.Type));

    /// <summary>The name of an event.</summary>
    /// <exception cref="NotSupportedException">The journal has no name for it.</exception>
    public static ReadOnlySpan<byte> Of(StudyEvent happened)
    {
        var type = happened.GetType();
        foreach (var entry in Table)
        {
            if (entry.Type == type)
                return entry.Utf8;
        }

        throw new NotSupportedException($"The journal has no name for {type.Name}.");
    }

    /// <summary>The event's type of this name, or null.</summary>
    public static Type? Find(ReadOnlySpan<byte> name)
    {
        foreach (var entry in Table)
        {
            if (name.SequenceEqual(entry.Utf8))
                return entry.Type;
        }

        return null;
    }

    private static (string Name, byte[] Utf8, Type Type) Entry<T>(string name)
        where T : StudyEvent => (name, Encoding.UTF8.GetBytes(name), typeof(T));
}

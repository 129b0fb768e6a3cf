using System.Collections.Immutable;

namespace Pbt.Core.Studies;

/// <summary>A hyperparameter schedule that some training followed.</summary>
/// <param name="Changes">At least one; the first at step 0, each after the one before.</param>
/// <param name="Steps">Trainer steps of the whole; null where the file does not say, as Ray's do not.</param>
/// <param name="Unused">What Ray's configs hold besides hyperparameters, the same throughout; sorted.</param>
public sealed record RecordedSchedule(ImmutableArray<HyperparameterChange> Changes, long? Steps, ImmutableArray<string> Unused);

/// <summary>What reading a schedule gave: the schedule, or everything that is wrong with the file.</summary>
public abstract record ScheduleResult
{
    private ScheduleResult()
    {
    }

    /// <summary>The text is a schedule.</summary>
    public sealed record Valid(RecordedSchedule Schedule) : ScheduleResult;

    /// <summary>The text is no schedule, or none of this search space.</summary>
    /// <param name="Errors">At least one, in the order of the file.</param>
    public sealed record Invalid(ImmutableArray<SpecError> Errors) : ScheduleResult;
}

using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;
using Pbt.Core.Studies.Schedules;

namespace Pbt.Core.Studies;

/// <summary>Reads a hyperparameter schedule: what <c>pbt schedule --export</c> writes, or Ray Tune's <c>pbt_policy_*.txt</c>.</summary>
/// <remarks>
/// Pure and thread-safe. The format is told by the content. All errors are collected, up to 100; values outside the
/// search space are among them.
/// </remarks>
public static class ScheduleReader
{
    /// <summary>The longest file, in characters: 16 Mi.</summary>
    public const int MaxLength = 1 << 24;

    /// <summary>Reads a schedule; never throws for what the text holds.</summary>
    /// <param name="text">YAML, JSON, CSV, or Ray's lines.</param>
    /// <param name="fileName">The name that errors show.</param>
    /// <param name="space">The hyperparameters that it must have, each in its bounds.</param>
    /// <param name="stepsPerIteration">Trainer steps in one of Ray's training iterations, at least 1.</param>
    public static ScheduleResult Read(string text, string fileName, SearchSpace space, long stepsPerIteration)
    {
        var errors = new SpecErrors(fileName);
        var schedule = Read(text.StartsWith('\uFEFF') ? text[1..] : text, space, stepsPerIteration, errors);
        return schedule is not null && errors.None ? new ScheduleResult.Valid(schedule) : new ScheduleResult.Invalid(errors.InOrder());
    }

    private static RecordedSchedule? Read(string text, SearchSpace space, long stepsPerIteration, SpecErrors errors)
    {
        if (text.Length > MaxLength)
        {
            errors.Add(new(1, 1), "", "the file is longer than a schedule can be");
            return null;
        }

        if (string.IsNullOrWhiteSpace(text))
        {
            errors.Add(new(1, 1), "", "the schedule is empty");
            return null;
        }

        if (RayPolicy.IsOne(text))
            return new RayPolicy(space, stepsPerIteration, errors).Read(text);

        return CsvSchedule.IsOne(text)
            ? new CsvSchedule(space, errors).Read(text)
            : NodeSchedule.Read(text, space, errors);
    }
}

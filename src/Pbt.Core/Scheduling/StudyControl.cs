using Pbt.Core.Population;
using Pbt.Core.Wording;

namespace Pbt.Core.Scheduling;

/// <summary>What came of asking a study to change: a clause whose subject is the study.</summary>
/// <param name="Applied">Whether it changed.</param>
/// <param name="Text">The clause: <c>is paused: …</c>, <c>has ended already …</c>.</param>
public sealed record ControlOutcome(bool Applied, string Text)
{
    /// <summary>It changed.</summary>
    public static ControlOutcome Done(string text) => new(Applied: true, text);

    /// <summary>It did not apply.</summary>
    public static ControlOutcome Refused(string text) => new(Applied: false, text);
}

/// <summary>What a user may ask of a study: to pause, to go on, to end.</summary>
/// <remarks>Decisions on a transaction, as <see cref="StudyScheduler"/>'s, which they call; what came of them is told in words. Stateless.</remarks>
public static class StudyControl
{
    /// <summary>Lets no new attempts start.</summary>
    public static ControlOutcome Pause(StudyTransaction transaction) => StudyScheduler.Pause(transaction)
        ? ControlOutcome.Done($"is paused: no new attempts start; {Going(transaction.State)}. `pbt resume` lets it go on")
        : ControlOutcome.Refused(transaction.State.HasEnded
            ? $"has ended ({Words.Ending(transaction.State)}): there is nothing to pause"
            : "is paused already");

    /// <summary>Lets a paused, stopped or failed study go on.</summary>
    /// <param name="transaction">The study.</param>
    /// <param name="isAlive">Whether a worker that the log counts as alive is.</param>
    public static ControlOutcome Resume(StudyTransaction transaction, Func<WorkerState, bool> isAlive) =>
        StudyScheduler.Resume(transaction, new MemberDecisions(transaction.State.Spec))
            ? Resumed(transaction.State, isAlive)
            : ControlOutcome.Refused(Objection(transaction.State));

    /// <summary>Ends a study; attempts that are running are given up.</summary>
    public static ControlOutcome Stop(StudyTransaction transaction)
    {
        var running = transaction.State.Attempts.Count;
        return StudyScheduler.Stop(transaction)
            ? ControlOutcome.Done($"is stopped{(running == 0 ? string.Empty : $"; {Words.Count(running, "running attempt")} given up")}. `pbt resume` lets it go on")
            : ControlOutcome.Refused($"has ended already ({Words.Ending(transaction.State)})");
    }

    private static string Going(StudyState state) => state.Attempts.Count switch
    {
        0 => "none is running",
        1 => "the one that is running goes on to its end",
        var many => $"the {many} that are running go on to their end",
    };

    private static ControlOutcome Resumed(StudyState state, Func<WorkerState, bool> isAlive)
    {
        if (state.HasEnded)
            return ControlOutcome.Done($"was resumed and has ended at once ({Words.Ending(state)})");

        var workers = state.Workers.Count(isAlive);
        return ControlOutcome.Done(workers == 0 ? "goes on, but it has no workers: `pbt run` starts some" : $"goes on with {Words.Count(workers, "worker")}");
    }

    private static string Objection(StudyState state) => state.Phase == StudyPhase.Completed
        ? $"is completed ({Words.Ending(state)}): extend its budget in the spec and `pbt run` it to go on"
        : $"is {Words.Lower(state.Phase)}, not paused: there is nothing to resume";
}

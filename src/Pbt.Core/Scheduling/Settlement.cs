using System.Globalization;
using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Scheduling;

/// <summary>Takes every decision that an ended interval makes due, and ends the study when it is over.</summary>
internal static class Settlement
{
    /// <summary>Adds what follows from the state: decisions, then the end if it has come.</summary>
    public static void Settle(StudyTransaction transaction, MemberDecisions decisions)
    {
        var state = transaction.State;
        if (state.HasEnded || (state.Spec.Mode == StudyMode.Synchronous && !NothingIsLeftToRun(state)))
            return;

        if (ReachedBudget(state) is { } reason)
        {
            transaction.Add(new StudyEnded(StudyOutcome.Completed, reason));
            return;
        }

        var areSomeDeferred = Decide(transaction, decisions);
        if (!areSomeDeferred && NothingIsLeftToRun(state))
            transaction.Add(End(state));
    }

    /// <summary>Ends the study if its wall-clock budget is used up by now.</summary>
    public static void EndIfOutOfTime(StudyTransaction transaction)
    {
        var state = transaction.State;
        if (!state.HasEnded && state.Spec.Budget.WallClock is { } limit && state.ActiveTimeAt(transaction.Now) >= limit)
            transaction.Add(new StudyEnded(StudyOutcome.Completed, $"its wall-clock budget of {limit} is used up"));
    }

    private static string? ReachedBudget(StudyState state)
    {
        var budget = state.Spec.Budget;
        if (budget.Score is { } target && state.Best is { Record.ComparedScore: { } best } &&
            state.Spec.Objective.Fitness(best) >= state.Spec.Objective.Fitness(target))
        {
            return string.Create(CultureInfo.InvariantCulture, $"the score {best:R} reaches the budget's {target:R}");
        }

        return budget.TotalSteps is { } steps && state.TotalSteps >= steps
            ? string.Create(CultureInfo.InvariantCulture, $"its budget of {steps} steps is used up")
            : null;
    }

    /// <returns>Whether decisions are left that are computed outside the store's lock.</returns>
    private static bool Decide(StudyTransaction transaction, MemberDecisions decisions)
    {
        var state = transaction.State;
        if (state.AreCandidates)
        {
            foreach (var chosen in CandidateSelection.Due(state))
                transaction.Add(chosen);

            if (state.AreCandidates)
                return false;
        }

        var areSomeDeferred = false;
        Ranking? latest = null;
        var open = new List<OpenDecision>();
        foreach (var member in state.Members)
        {
            if (member.Phase != MemberPhase.Undecided)
                continue;

            var ranking = state.Spec.Compare != ScoreComparison.Latest ? Ranking.For(state, member) : latest ??= Ranking.Latest(state);
            if (decisions.Open(state, member, ranking) is not { } decision)
                continue;

            if (decisions.IsDeferred(decision))
                areSomeDeferred = true;
            else
                open.Add(decision);
        }

        // A generation goes on as a whole.
        if (areSomeDeferred && state.Spec.Mode == StudyMode.Synchronous)
            return true;

        foreach (var decision in open)
            transaction.Add(decisions.Complete(decision));

        return areSomeDeferred;
    }

    /// <summary>Whether no member runs or waits for a worker: a generation is over, or, after the decisions, the study.</summary>
    public static bool NothingIsLeftToRun(StudyState state)
    {
        foreach (var member in state.Members)
        {
            if (member.Phase is MemberPhase.Ready or MemberPhase.Running)
                return false;
        }

        return true;
    }

    private static StudyEnded End(StudyState state)
    {
        var finished = state.Members.Count(m => m.Phase == MemberPhase.Finished && m.IsRanked);
        if (finished > 0)
        {
            var all = state.Members.Count(static m => m.Phase != MemberPhase.Retired);
            var members = finished == all ? "every member" : string.Create(CultureInfo.InvariantCulture, $"{finished} of {all} members");
            return new StudyEnded(StudyOutcome.Completed, string.Create(CultureInfo.InvariantCulture, $"{members} completed {state.Spec.Budget.Intervals} intervals"));
        }

        var failure = state.Members.Select(m => m.LastFailure).LastOrDefault(f => f is not null);
        return new StudyEnded(StudyOutcome.Failed, $"no member can make progress: every attempt failed, the last with: {failure ?? "no reason given"}");
    }
}

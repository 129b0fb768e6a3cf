using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Explore;

namespace Pbt.Runtime.Workers;

/// <summary>Computes the decisions that take long, outside the store's lock.</summary>
/// <remarks>
/// It is the duty of the worker that joined first among those that count as alive, so that proposals are made one after the
/// other and each knows of those before it; when that worker goes, the next takes over. What is recorded does not depend on
/// who computed it.
/// </remarks>
/// <param name="study">The study.</param>
/// <param name="specVersion">The version of the spec that this worker works by: decisions of another are not its own.</param>
/// <param name="self">This worker.</param>
/// <param name="decisions">The decisions of the study's spec.</param>
/// <param name="program">Asks the user's program, where the spec names one.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Takes what goes wrong.</param>
internal sealed class ProposalDuty(
    OpenStudy study, long specVersion, WorkerId self, MemberDecisions decisions, IExploreProgram program, TimeProvider time, ILogger logger)
{
    /// <summary>How often the user's program may fail for one decision before the study ends as failed.</summary>
    private const int MaxTries = 3;

    /// <summary>Does its duty until cancelled; returns at once where the spec has no such decisions.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (!decisions.AreDeferred)
            return;

        StudyState? state = null;
        var backoff = new Backoff(time);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                state = await FollowAsync(state, cancellationToken);
                if (!IsDue(state))
                    await study.Store.WaitAsync(state.Version, cancellationToken);
                else if (await ProposeAsync(state, cancellationToken) is { } proposed)
                    await study.Store.TransactAsync(transaction => StudyScheduler.Propose(transaction, proposed, decisions), cancellationToken);

                backoff = new Backoff(time);
                continue;
            }
            catch (Exception error) when (error is TransientStoreException || AttemptExecution.IsMachinery(error))
            {
                logger.TryingAgain(error.Message, backoff.Next);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }

            await TryWaitAsync(backoff, cancellationToken);
        }
    }

    private bool IsDue(StudyState state) =>
        state.SpecVersion == specVersion && state.Workers is [var first, ..] && first.Id == self && Proposals.Due(state, decisions).Length > 0;

    private async Task<StudyState> FollowAsync(StudyState? state, CancellationToken cancellationToken)
    {
        if (state is null)
            return await study.Store.LoadAsync(cancellationToken);

        await foreach (var recorded in study.Store.ReadAsync(state.Version, cancellationToken))
            state.Apply(recorded);

        return state;
    }

    /// <summary>The decisions that are due; null if the study was ended because a program gives no answer.</summary>
    private async Task<IReadOnlyList<MemberDecided>?> ProposeAsync(StudyState state, CancellationToken cancellationToken)
    {
        var proposals = new Proposals(StudySnapshot.Copy(state), decisions);
        while (proposals.Next() is { } open)
        {
            if (decisions.Program is not { } asking || open.Explore is null)
            {
                proposals.Add(decisions.Complete(open));
                continue;
            }

            var request = asking.Request(open.Explore);
            if (await AskAsync(open, asking, request, cancellationToken) is not { } answered)
                return null;

            proposals.Add(open.Frame with { Hyperparameters = answered }, request.Digest);
        }

        return proposals.Decided;
    }

    private async Task<Core.SearchSpaces.Hyperparameters?> AskAsync(
        OpenDecision open, Core.Explore.Programs.IProgramStrategy asking, Core.Explore.Programs.ExploreRequest request, CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time);
        for (var tries = 1; ; tries++)
        {
            var answer = await program.AskAsync(asking.Spec, request, cancellationToken);
            var reading = answer.Text is { } text ? asking.Read(open.Explore!, text) : null;
            if (reading?.Hyperparameters is { } hyperparameters)
                return hyperparameters;

            var reason = $"the explore program, asked for {open.Frame.Member} after interval {open.Frame.Interval}, {reading?.Objection ?? answer.Failure}";
            if (tries == MaxTries)
            {
                await study.Store.TransactAsync(transaction => StudyScheduler.GiveUp(transaction, $"{reason} ({MaxTries} times in a row; `pbt resume` goes on)"), cancellationToken);
                return null;
            }

            logger.TryingAgain(reason, backoff.Next);
            await backoff.WaitAsync(cancellationToken);
        }
    }

    private static async Task TryWaitAsync(Backoff backoff, CancellationToken cancellationToken)
    {
        try
        {
            await backoff.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The loop sees it.
        }
    }
}

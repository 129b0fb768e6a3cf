using Pbt.Core.Population;
using Pbt.Runtime;
using Pbt.Storage.Checkpoints;

namespace Pbt.Cli.Output;

/// <summary>A checkpoint that is needed and is not what was published.</summary>
/// <param name="Id">Which one.</param>
/// <param name="IsMissing">Whether nothing is left of it.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="NeededFor">Who needs it, in words.</param>
internal sealed record BadCheckpoint(CheckpointId Id, bool IsMissing, string Reason, string NeededFor);

/// <summary>What a check of every needed checkpoint found.</summary>
/// <param name="Checked">How many were compared with their manifests.</param>
/// <param name="Bad">Those that are damaged or missing, in the order of attempts.</param>
internal sealed record CheckpointAudit(int Checked, IReadOnlyList<BadCheckpoint> Bad)
{
    /// <summary>Checks every live checkpoint of a study.</summary>
    /// <remarks>Workers may go on meanwhile: what is not needed any more once all is checked does not count.</remarks>
    public static async Task<CheckpointAudit> RunAsync(OpenStudy study, StudyState state, CancellationToken cancellationToken)
    {
        var bad = new List<BadCheckpoint>();
        foreach (var id in state.LiveCheckpoints.OrderBy(static id => id.Attempt))
        {
            if (await FindAsync(study.Checkpoints, id, cancellationToken) is { } problem)
                bad.Add(new BadCheckpoint(id, problem.IsMissing, problem.Reason, NeedOf(state, id)));
        }

        if (bad.Count == 0)
            return new CheckpointAudit(state.LiveCheckpoints.Count, bad);

        var now = await StudyLoader.LoadAsync(study, cancellationToken);
        return new CheckpointAudit(state.LiveCheckpoints.Count, [.. bad.Where(found => now.IsLive(found.Id))]);
    }

    private static async Task<(bool IsMissing, string Reason)?> FindAsync(ICheckpointStore checkpoints, CheckpointId id, CancellationToken cancellationToken)
    {
        try
        {
            return await checkpoints.VerifyAsync(id, cancellationToken: cancellationToken) switch
            {
                FetchResult.Missing => (true, $"it is missing: there is no {checkpoints.Locate(id)}"),
                FetchResult.Damaged damaged => (false, damaged.Reason),
                _ => null,
            };
        }
        catch (UnreadableCheckpointException error)
        {
            return (false, error.Message);
        }
    }

    private static string NeedOf(StudyState state, CheckpointId id)
    {
        var needs = state.Members.Where(member => member.Start == id).Select(static member => $"{member.Id} starts from it")
            .Concat(state.Attempts.Where(attempt => attempt.CheckpointIn == id).Select(static attempt => $"{attempt.Member}'s running attempt began from it"))
            .Concat(state.BestIntervals.Where(best => best.Record.Checkpoint == id).Select(static best => $"its score {Words.Score(best.Record.Score)} is among the best"))
            .Concat(state.Forks.Where(fork => fork.Checkpoints.Contains(id)).Select(static fork => $"kept for the fork {Words.OneLine(fork.Study)}"))
            .Concat(state.Spec.Checkpoints.KeepsForGood(id.Interval) ? ["kept for good, as the spec says"] : Enumerable.Empty<string>())
            .ToList();
        return needs.Count > 0 ? string.Join("; ", needs) : $"kept as one of {id.Member}'s last";
    }
}

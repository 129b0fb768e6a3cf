using Pbt.Runtime;

namespace Pbt.Cli;

/// <summary>What is done for a study once a user has stopped it, from a terminal or from the dashboard.</summary>
internal static class StoppedStudy
{
    /// <summary>Cancels the jobs that work on it, then runs the hooks that its workers have left undone; says how many jobs there were, null for none.</summary>
    /// <exception cref="Core.Studies.InvalidRequestException">The jobs cannot be cancelled just now.</exception>
    public static async Task<string?> FinishAsync(CliServices services, OpenStudy study, CancellationToken cancellationToken)
    {
        var state = await StudyLoader.LoadAsync(study, cancellationToken);
        var jobs = await Backends.For(services, state.Spec, study.Directory).CancelAsync(Supervision.WorkersOf(services, study, slots: null), cancellationToken);
        await LastHooks.RunAsync(services, study, state, cancellationToken);
        return jobs == 0 ? null : $"{Words.Count(jobs, "job")} cancelled";
    }
}

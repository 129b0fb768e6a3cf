using Pbt.Core.Population;
using Pbt.Storage;

namespace Pbt.Dashboard;

/// <summary>A study that is to be shown.</summary>
/// <param name="Directory">Where its files are.</param>
/// <param name="Store">Its log; the caller closes it.</param>
/// <param name="IsAlive">Whether a worker that the log counts as alive is, as far as this machine can tell.</param>
public sealed record WatchedStudy(StudyDirectory Directory, IStudyStore Store, Func<WorkerState, bool> IsAlive)
{
    /// <summary>
    /// What is done once the page has stopped the study, such as cancelling its workers' jobs; what it returns is said on the page, null for nothing.
    /// So is the message of an <see cref="Core.Studies.InvalidRequestException"/>.
    /// </summary>
    public Func<CancellationToken, Task<string?>> OnStopped { get; init; } = static _ => Task.FromResult<string?>(null);
}

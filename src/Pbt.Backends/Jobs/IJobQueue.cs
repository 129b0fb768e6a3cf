using Pbt.Core.Studies;

namespace Pbt.Backends.Jobs;

/// <summary>A scheduler, as far as the workers of one study go.</summary>
/// <remarks>Called by one thread at a time. The study's jobs are known by their name, so that whoever comes later finds them.</remarks>
public interface IJobQueue
{
    /// <summary>The study's jobs that the scheduler knows: all that wait or run, and ended ones as long as it remembers them.</summary>
    /// <exception cref="JobQueueException">The scheduler does not answer just now.</exception>
    Task<IReadOnlyList<Job>> ListAsync(CancellationToken cancellationToken);

    /// <summary>Submits workers.</summary>
    /// <param name="workers">How many; at least 1.</param>
    /// <param name="cancellationToken">Gives up waiting; what was submitted then may or may not be.</param>
    /// <exception cref="JobQueueException">The scheduler does not answer just now; it may have taken them all the same.</exception>
    /// <returns>Their jobs, as far as the scheduler has said which they are.</returns>
    /// <exception cref="InvalidRequestException">The scheduler refuses them.</exception>
    Task<IReadOnlyList<Job>> SubmitAsync(int workers, CancellationToken cancellationToken);

    /// <summary>Takes jobs away, whether they wait or run.</summary>
    /// <exception cref="JobQueueException">The scheduler does not answer just now.</exception>
    Task CancelAsync(IReadOnlyList<Job> jobs, CancellationToken cancellationToken);

    /// <summary>What would be submitted, for people: scripts and command lines.</summary>
    /// <param name="workers">How many; at least 1.</param>
    string Preview(int workers);

    /// <summary>The last lines of what a job has printed, or null where nothing can be found.</summary>
    string? LogOf(Job job);
}

/// <summary>A scheduler does not answer just now.</summary>
public sealed class JobQueueException(string message, Exception? inner = null) : Exception(message, inner);

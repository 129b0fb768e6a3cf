using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Storage.Checkpoints;

namespace Pbt.Runtime.Workers;

/// <summary>Finds the checkpoint that an attempt starts from, and tells damage from a disk that is away for a while.</summary>
/// <remarks>
/// An error of the storage in reading it counts as damage when it has come back at every one of several tries over a few
/// seconds while the same file system takes writes: then it is the file that is bad, not the disk that is gone.
/// </remarks>
internal sealed class StartingCheckpoint(OpenStudy study, StudySpec spec, TimeProvider time, ILogger logger)
{
    private const int MostReadErrors = 6;

    private CheckpointCheck Check => spec.Checkpoints.Verify ? CheckpointCheck.Digests : CheckpointCheck.Sizes;

    /// <summary>Its path, or what is wrong with it.</summary>
    /// <exception cref="IOException">It could not be read just now.</exception>
    public async Task<(string? Path, string? Damage)> FindAsync(Assignment assignment, CheckpointId checkpoint, CancellationToken interrupt)
    {
        var backoff = new Backoff(time);
        for (var errors = 1; ; errors++)
        {
            try
            {
                return await study.Checkpoints.FetchAsync(checkpoint, Check, interrupt) switch
                {
                    FetchResult.Fetched fetched => (fetched.Path, null),
                    FetchResult.Damaged damaged => (null, damaged.Reason),
                    _ => (null, $"it is missing: there is no {study.Checkpoints.Locate(checkpoint)}"),
                };
            }
            catch (UnreadableCheckpointException error)
            {
                if (errors >= MostReadErrors)
                {
                    study.Files.Probe(assignment.Attempt);
                    return (null, $"{error.Message} (tried {errors} times)");
                }

                logger.TryingAgain($"{assignment.Member}'s interval {assignment.Interval} is held up: {error.Message}", backoff.Next);
            }

            await backoff.WaitAsync(interrupt);
        }
    }

    /// <summary>The path of weights that a member begins with and that are not the study's own, or what is wrong with them.</summary>
    /// <exception cref="IOException">They could not be read just now.</exception>
    public async Task<(string? Path, string? Objection)> FindGivenAsync(Assignment assignment, string start, CancellationToken interrupt)
    {
        var origin = spec.Ancestor is { } ancestor ? $", of the study {ancestor.Study} in {ancestor.Directory} that this one was forked from" : string.Empty;
        var kind = CheckpointStoreSpec.IsAddress(start) ? "checkpoint" : "directory";
        return await StudyCheckpoints.FetchGivenAsync(start, spec, study.Directory, Check, time, interrupt) switch
        {
            FetchResult.Fetched fetched => (fetched.Path, null),
            FetchResult.Damaged damaged => (null, $"the checkpoint {start} that {assignment.Member} starts from{origin} is damaged: {damaged.Reason}"),
            _ => (null, $"the checkpoint that {assignment.Member} starts from is missing: there is no {kind} {start}{origin}; put it back, then `pbt resume`"),
        };
    }
}

using Microsoft.Extensions.Logging;
using Pbt.Core.Population;

namespace Pbt.Runtime.Workers;

internal static partial class WorkerLog
{
    [LoggerMessage(1, LogLevel.Information, "worker {Worker} joined with {Slots} slots")]
    public static partial void Joined(this ILogger logger, WorkerId worker, int slots);

    [LoggerMessage(2, LogLevel.Information, "worker {Worker} left")]
    public static partial void Left(this ILogger logger, WorkerId worker);

    [LoggerMessage(3, LogLevel.Warning, "worker {Worker} was taken for dead; it ends what it runs and joins anew")]
    public static partial void Fenced(this ILogger logger, WorkerId worker);

    [LoggerMessage(4, LogLevel.Warning, "worker {Worker} is dead: {Reason}; its intervals are repeated")]
    public static partial void FoundDead(this ILogger logger, WorkerId worker, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Member} starts interval {Interval} ({Attempt})")]
    public static partial void Started(this ILogger logger, MemberId member, int interval, AttemptId attempt);

    [LoggerMessage(6, LogLevel.Information, "{Member} completed interval {Interval}: score {Score}")]
    public static partial void Completed(this ILogger logger, MemberId member, int interval, double score);

    [LoggerMessage(7, LogLevel.Warning, "{Member} failed interval {Interval} ({Attempt}): {Reason}; log: {Log}")]
    public static partial void Failed(this ILogger logger, MemberId member, int interval, AttemptId attempt, string reason, string log);

    [LoggerMessage(8, LogLevel.Information, "{Member} gave interval {Interval} back: {Reason}")]
    public static partial void Released(this ILogger logger, MemberId member, int interval, string reason);

    [LoggerMessage(9, LogLevel.Warning, "{Member}'s interval {Interval} ({Attempt}) is not wanted any more: {Reason}; its files are removed")]
    public static partial void Rejected(this ILogger logger, MemberId member, int interval, AttemptId attempt, string reason);

    [LoggerMessage(10, LogLevel.Warning, "{Message}; trying again in {Delay}")]
    public static partial void TryingAgain(this ILogger logger, string message, TimeSpan delay);

    [LoggerMessage(12, LogLevel.Warning, "{Member} cannot start from checkpoint {Checkpoint}, which is damaged: {Reason}")]
    public static partial void StartDamaged(this ILogger logger, MemberId member, string checkpoint, string reason);

    [LoggerMessage(13, LogLevel.Warning, "{Member} goes on from {Start}")]
    public static partial void Recovered(this ILogger logger, MemberId member, string start);

    [LoggerMessage(11, LogLevel.Warning, "a checkpoint could not be deleted: {Message}; `pbt gc` will")]
    public static partial void NotDeleted(this ILogger logger, string message);
}

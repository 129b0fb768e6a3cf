using Microsoft.Extensions.Logging;

namespace Pbt.Runtime.Processes;

public sealed partial class TrainerGuard
{
    [LoggerMessage(1, LogLevel.Debug, "Trainer guard {ProcessId} watches over {Groups} process groups.")]
    private partial void LogStarted(int processId, int groups);

    [LoggerMessage(2, LogLevel.Warning, "Trainer guard {ProcessId} is gone ({Status}); another takes its place.")]
    private partial void LogLost(int processId, ExitStatus status);

    [LoggerMessage(3, LogLevel.Error, "No trainer guard could be started, so trainers would outlive a killed worker. {Reason}")]
    private partial void LogNotStarted(string reason);
}

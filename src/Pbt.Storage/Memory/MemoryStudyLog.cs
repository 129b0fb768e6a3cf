using Pbt.Core.Population;

namespace Pbt.Storage.Memory;

/// <summary>A log in memory, on which any number of <see cref="MemoryStudyStore"/> may be open.</summary>
/// <remarks>Thread-safe.</remarks>
public sealed class MemoryStudyLog
{
    internal Lock Gate { get; } = new();

    internal List<RecordedEvent> Events { get; } = [];

    internal StudyState State { get; set; } = new();

    internal TaskCompletionSource Grown { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}

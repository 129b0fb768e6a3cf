using Pbt.Storage.Memory;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Memory;

/// <summary>The store in memory keeps the contract.</summary>
public sealed class MemoryStudyStoreTests : StudyStoreConformance
{
    private readonly MemoryStudyLog _log = new();

    protected override ValueTask<IStudyStore> OpenStoreAsync() => ValueTask.FromResult<IStudyStore>(new MemoryStudyStore(_log, TimeProvider.System));
}

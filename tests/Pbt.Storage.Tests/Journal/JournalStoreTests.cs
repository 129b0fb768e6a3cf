using Pbt.Storage.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Journal;

/// <summary>The journal keeps the contract.</summary>
public sealed class JournalStoreTests : StudyStoreConformance, IDisposable
{
    private readonly TemporaryStudy _study = new();

    // After the stores of the test were closed.
    public void Dispose() => _study.Dispose();

    protected override ValueTask<IStudyStore> OpenStoreAsync() => ValueTask.FromResult<IStudyStore>(JournalStore.Create(_study.Directory));
}

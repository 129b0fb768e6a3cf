using Pbt.Storage.Postgres;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Postgres;

/// <summary>PostgreSQL keeps the contract.</summary>
[NeedsPostgres]
public sealed class PostgresStoreTests(SharedServer.Database database) : StudyStoreConformance, IClassFixture<SharedServer.Database>
{
    private readonly PostgresAddress? _address = PostgresServer.Missing is null ? database.NewStudy() : null;

    protected override ValueTask<IStudyStore> OpenStoreAsync() => ValueTask.FromResult<IStudyStore>(PostgresStudyStore.Create(_address!));
}

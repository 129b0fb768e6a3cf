using Npgsql;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>Connections to a study's database, and the study's number in it.</summary>
/// <remarks>
/// Thread-safe. Connects when it must. A process needs one connection, a second while it waits, and for moments another for
/// reading or a beat; those that are idle are closed.
/// </remarks>
internal sealed class PostgresDatabase : IAsyncDisposable
{
    private const int MostConnections = 16;
    private const int IdleSeconds = 15;
    private const int MostPrepared = 24;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(10);

    private readonly bool _create;
    private readonly Lazy<NpgsqlDataSource> _source;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _study;

    /// <summary>Names a study; connects to nothing yet.</summary>
    /// <param name="address">The database, and the study in it.</param>
    /// <param name="create">Whether the study, and pbt's tables, are made if they are missing.</param>
    public PostgresDatabase(PostgresAddress address, bool create)
    {
        Address = address;
        _create = create;
        _source = new(CreateSource);
    }

    /// <summary>The longest that a statement may take, the wait for the study's row included.</summary>
    public static TimeSpan StatementPatience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Where it is.</summary>
    public PostgresAddress Address { get; }

    /// <summary>An open connection, perhaps a used one; to be disposed of soon.</summary>
    public ValueTask<NpgsqlConnection> ConnectAsync(CancellationToken cancellationToken = default) => _source.Value.OpenConnectionAsync(cancellationToken);

    /// <summary>An open connection, without waiting asynchronously.</summary>
    public NpgsqlConnection Connect() => _source.Value.OpenConnection();

    /// <summary>Has connections made anew, since one turned out to be dead.</summary>
    public void ForgetConnections() => _source.Value.Clear();

    /// <summary>The study's number in the database; the first call looks for it and brings the tables up to date.</summary>
    /// <exception cref="InvalidRequestException">There is no such study, and none is to be made; or a newer pbt made the tables.</exception>
    public async ValueTask<long> StudyAsync(CancellationToken cancellationToken = default)
    {
        if (_study is { } known)
            return known;

        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _study ??= await FindAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_source.IsValueCreated)
            await _source.Value.DisposeAsync();
    }

    private async Task<long> FindAsync(CancellationToken cancellationToken)
    {
        await using var connection = await ConnectAsync(cancellationToken);
        await PostgresSchema.MigrateAsync(connection, Address, PostgresSchema.Newest, _create, cancellationToken);
        var name = Address.Study!;
        if (await FindAsync(connection, name, cancellationToken) is { } found)
            return found;

        if (!_create)
            throw PostgresErrors.NoStudy(Address);

        await using (var insert = new NpgsqlCommand("WITH made AS (INSERT INTO pbt.studies (name) VALUES ($1) ON CONFLICT (name) DO NOTHING RETURNING id) INSERT INTO pbt.heads (study, version) SELECT id, 0 FROM made", connection) { Parameters = { new() { Value = name } } })
            await insert.ExecuteNonQueryAsync(cancellationToken);

        return await FindAsync(connection, name, cancellationToken) ?? throw PostgresErrors.NoStudy(Address);
    }

    private static async Task<long?> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancellationToken)
    {
        await using var select = new NpgsqlCommand("SELECT id FROM pbt.studies WHERE name = $1", connection) { Parameters = { new() { Value = name } } };
        return (long?)await select.ExecuteScalarAsync(cancellationToken);
    }

    private NpgsqlDataSource CreateSource()
    {
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = Address.Host,
            Port = Address.Port,
            Database = Address.Database,
            Username = Address.User,
            SslMode = Address.SslMode switch
            {
                "disable" => SslMode.Disable,
                "allow" => SslMode.Allow,
                "require" => SslMode.Require,
                "verify-ca" => SslMode.VerifyCA,
                "verify-full" => SslMode.VerifyFull,
                _ => SslMode.Prefer,
            },
            RootCertificate = Address.RootCertificate,
            SslCertificate = Address.Certificate,
            SslKey = Address.Key,
            GssEncryptionMode = GssEncryptionMode.Disable,
            ApplicationName = "pbt",
            Timeout = (int)ConnectPatience.TotalSeconds,

            // The server gives up first, and says why.
            CommandTimeout = (int)StatementPatience.TotalSeconds + 10,
            MaxPoolSize = MostConnections,
            ConnectionIdleLifetime = IdleSeconds,
            ConnectionPruningInterval = IdleSeconds / 3,

            // Each user of a connection leaves it as it was; poolers do not take the statement that resets it.
            NoResetOnClose = true,
            MaxAutoPrepare = Address.Prepares ? MostPrepared : 0,
            AutoPrepareMinUsages = 2,
        };
        if (!Address.Host.StartsWith('/'))
        {
            // In seconds: a host that vanished without a word is noticed.
            settings.TcpKeepAlive = true;
            settings.TcpKeepAliveTime = 15;
            settings.TcpKeepAliveInterval = 5;
        }

        // Only types that every server has are used.
        return new NpgsqlDataSourceBuilder(settings.ConnectionString).ConfigureTypeLoading(static types => types.EnableTypeLoading(false)).Build();
    }
}

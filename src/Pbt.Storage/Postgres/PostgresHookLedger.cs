using System.Globalization;
using Npgsql;
using Pbt.Core.Studies;
using Pbt.Storage.Hooks;

namespace Pbt.Storage.Postgres;

/// <summary>The ledger of a study in a database: a row, which its holder shows by beats that it still needs.</summary>
/// <remarks>
/// A lease by the server's clock, and not a lock of a connection: it costs no connection, and works through poolers that
/// give each transaction another one.
/// </remarks>
public sealed class PostgresHookLedger : IHookLedger
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan BeatPeriod = TimeSpan.FromSeconds(5);
    private static int _names;

    private readonly PostgresDatabase _database;
    private readonly TimeProvider _time;

    internal PostgresHookLedger(PostgresDatabase database, TimeProvider time)
    {
        _database = database;
        _time = time;
    }

    /// <inheritdoc/>
    public TimeSpan Pause { get; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async ValueTask<IHookTurn?> TryTakeAsync(CancellationToken cancellationToken = default)
    {
        // Looked at first: whoever waits for the turn must not lock the row.
        const string Free = "SELECT count(*) FROM pbt.hooks WHERE study = $1 AND holder IS NOT NULL AND beat >= clock_timestamp() - interval '30 seconds'";
        const string Take =
            "INSERT INTO pbt.hooks AS h (study, done, holder, beat) VALUES ($1, 0, $2, clock_timestamp()) "
            + "ON CONFLICT (study) DO UPDATE SET holder = excluded.holder, beat = excluded.beat "
            + "WHERE h.holder IS NULL OR h.beat < excluded.beat - interval '30 seconds' RETURNING done";
        if (await AskAsync(Free, [], cancellationToken) is not 0L)
            return null;

        var holder = string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}-{_time.GetUtcNow().Ticks}-{Interlocked.Increment(ref _names)}");
        return await AskAsync(Take, [holder], cancellationToken) is long done ? new Turn(this, holder, done) : null;
    }

    private async Task<object?> AskAsync(string sql, object[] values, CancellationToken cancellationToken)
    {
        try
        {
            var study = await _database.StudyAsync(cancellationToken);
            await using var connection = await _database.ConnectAsync(cancellationToken);
#pragma warning disable CA2100 // Every text that comes here is a constant of this file.
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)Patience.TotalSeconds, Parameters = { new() { Value = study } } };
#pragma warning restore CA2100
            foreach (var value in values)
                command.Parameters.Add(new() { Value = value });

            return await command.ExecuteScalarAsync(cancellationToken);
        }
        catch (Exception e) when (PostgresErrors.IsServers(e))
        {
            if (PostgresErrors.IsDeadConnection(e))
                _database.ForgetConnections();

            throw PostgresErrors.Translate(_database.Address, e);
        }
    }

    private sealed class Turn : IHookTurn
    {
        private readonly PostgresHookLedger _ledger;
        private readonly string _holder;
        private readonly CancellationTokenSource _over = new();
        private readonly Task _beating;

        public Turn(PostgresHookLedger ledger, string holder, long done)
        {
            (_ledger, _holder, Done) = (ledger, holder, done);
            _beating = BeatAsync();
        }

        public long Done { get; private set; }

        public async ValueTask NoteAsync(long version, CancellationToken cancellationToken = default)
        {
            const string Note = "UPDATE pbt.hooks SET done = $3, beat = clock_timestamp() WHERE study = $1 AND holder = $2 RETURNING done";
            if (version == Done)
                return;

            Done = await _ledger.AskAsync(Note, [_holder, version], cancellationToken) is long done
                ? done
                : throw new TransientStoreException("another process runs the study's hooks by now: this one was silent for too long");
        }

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await _beating;
            _over.Dispose();
            try
            {
                await _ledger.AskAsync("UPDATE pbt.hooks SET holder = NULL WHERE study = $1 AND holder = $2 RETURNING done", [_holder], CancellationToken.None);
            }
            catch (PbtException)
            {
                // The next holder waits until this one counts as silent.
            }
        }

        private async Task BeatAsync()
        {
            using var timer = new PeriodicTimer(BeatPeriod, _ledger._time);
            while (true)
            {
                try
                {
                    await timer.WaitForNextTickAsync(_over.Token);
                    await _ledger.AskAsync("UPDATE pbt.hooks SET beat = clock_timestamp() WHERE study = $1 AND holder = $2 RETURNING done", [_holder], _over.Token);
                }
                catch (OperationCanceledException)
                {
                    return;
                }
                catch (PbtException)
                {
                    // The next beat may get through; if none does, another takes the turn, and noting anything says so.
                }
            }
        }
    }
}

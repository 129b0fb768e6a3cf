using System.Globalization;
using Npgsql;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>Listens for what others commit, on a connection of its own.</summary>
/// <remarks>It also looks from time to time: behind some poolers no notification arrives.</remarks>
internal sealed class PostgresWatch(PostgresDatabase database, TimeProvider time) : LogWatch(nameof(PostgresStudyStore))
{
    private static readonly TimeSpan PeriodListening = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PeriodPolling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PeriodFailing = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task LookAsync()
    {
        while (GoesOn())
        {
            try
            {
                await FollowAsync();
            }
            catch (OperationCanceledException) when (Closing.IsCancellationRequested)
            {
                // The next round ends the loop.
            }
#pragma warning disable CA1031 // Whatever goes wrong, those who wait are told, and none hangs.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (PostgresErrors.IsDeadConnection(e))
                    database.ForgetConnections();

                Fail(e is PbtException ? e : PostgresErrors.Translate(database.Address, e));
                await Task.Delay(PeriodFailing, time, Closing).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Listens and looks on one connection until nobody waits.</summary>
    private async Task FollowAsync()
    {
        var closing = Closing;
        var study = await database.StudyAsync(closing);
        var channel = PostgresTransaction.ChannelOf(study);
        await using var connection = await database.ConnectAsync(closing);
        var listens = database.Address.Prepares;
        connection.Notification += OnNotification;
        try
        {
            if (listens)
                await ExecuteAsync(connection, $"LISTEN {channel}", closing);

            do
            {
                // After LISTEN: what is committed from now on is notified, what was committed before is seen here.
                await using (var select = new NpgsqlCommand("SELECT version FROM pbt.heads WHERE study = $1", connection) { Parameters = { new() { Value = study } } })
                    Advance(await select.ExecuteScalarAsync(closing) as long? ?? throw PostgresErrors.NoStudy(database.Address));

                if (!listens)
                    await Task.Delay(PeriodPolling, time, closing);
                else
                    await ListenAsync(connection, closing);
            }
            while (IsAwaited);

            if (listens)
                await ExecuteAsync(connection, $"UNLISTEN {channel}", CancellationToken.None);
        }
        finally
        {
            connection.Notification -= OnNotification;
        }
    }

    /// <summary>Takes notifications until it is time to look again.</summary>
    private async Task ListenAsync(NpgsqlConnection connection, CancellationToken closing)
    {
        var began = time.GetTimestamp();
        while (IsAwaited && time.GetElapsedTime(began) is var elapsed && elapsed < PeriodListening)
            await connection.WaitAsync(PeriodListening - elapsed, closing);
    }

    private void OnNotification(object sender, NpgsqlNotificationEventArgs e)
    {
        if (long.TryParse(e.Payload, NumberStyles.None, CultureInfo.InvariantCulture, out var version))
            Advance(version);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // LISTEN takes no parameters; the channel's name is pbt_ and a number.
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

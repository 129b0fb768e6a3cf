using System.Globalization;
using Npgsql;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>Lets callers wait for a study's log to grow, by this process or by another.</summary>
/// <remarks>
/// Thread-safe. This process's commits wake at once. For those of others one loop listens while somebody waits, on a
/// connection of its own. It also looks from time to time: behind some poolers no notification arrives.
/// </remarks>
internal sealed class PostgresWatch(PostgresDatabase database, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan PeriodListening = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PeriodPolling = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan PeriodFailing = TimeSpan.FromSeconds(1);

    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _closing = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _looking = Task.CompletedTask;
    private long _version;
    private int _waiting;
    private bool _isLooking;

    /// <summary>Notes that the log has come to a version, and wakes those who wait for it.</summary>
    public void Advance(long version)
    {
        lock (_lock)
        {
            if (version <= _version)
                return;

            _version = version;
            Wake().TrySetResult();
        }
    }

    /// <summary>Completes when the log has grown past a version.</summary>
    public async ValueTask WaitAsync(long afterVersion, CancellationToken cancellationToken)
    {
        Enter();
        try
        {
            while (true)
            {
                Task changed;
                lock (_lock)
                {
                    if (_version > afterVersion)
                        return;

                    ObjectDisposedException.ThrowIf(_closing.IsCancellationRequested, typeof(PostgresStudyStore));
                    changed = _changed.Task;
                }

                await changed.WaitAsync(cancellationToken);
            }
        }
        finally
        {
            lock (_lock)
                _waiting--;
        }
    }

    /// <summary>Completes when the loop has ended and given its connection back.</summary>
    public Task Ended
    {
        get
        {
            lock (_lock)
                return _looking;
        }
    }

    /// <summary>Fails those who still wait.</summary>
    public void Dispose()
    {
        _closing.Cancel();
        Fail(new ObjectDisposedException(nameof(PostgresStudyStore)));
    }

    private void Fail(Exception exception)
    {
        lock (_lock)
        {
            var changed = Wake();
            changed.TrySetException(exception);

            // Seen, even if nobody waits.
            _ = changed.Task.Exception;
        }
    }

    private TaskCompletionSource Wake()
    {
        var changed = _changed;
        _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        return changed;
    }

    private void Enter()
    {
        lock (_lock)
        {
            _waiting++;
            if (_isLooking || _closing.IsCancellationRequested)
                return;

            _isLooking = true;
            _looking = Task.Run(LookAsync, CancellationToken.None);
        }
    }

    private bool GoesOn()
    {
        lock (_lock)
            return _isLooking = _waiting > 0 && !_closing.IsCancellationRequested;
    }

    private async Task LookAsync()
    {
        while (GoesOn())
        {
            try
            {
                await FollowAsync();
            }
            catch (OperationCanceledException) when (_closing.IsCancellationRequested)
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
                await Task.Delay(PeriodFailing, time, _closing.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Listens and looks on one connection until nobody waits.</summary>
    private async Task FollowAsync()
    {
        var closing = _closing.Token;
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
            while (GoesOn());

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
        while (GoesOn() && time.GetElapsedTime(began) is var elapsed && elapsed < PeriodListening)
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

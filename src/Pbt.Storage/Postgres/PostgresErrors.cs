using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using Npgsql;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>What the store says when the server is in its way: what, where and how to mend it.</summary>
internal static class PostgresErrors
{
    private const string IdleInTransaction = "25P03";
    private const string NothingLost = "nothing is lost";

    /// <summary>Whether an exception is one that <see cref="Translate"/> knows.</summary>
    public static bool IsServers(Exception error) =>
        error is NpgsqlException or SocketException or TimeoutException or IOException or AuthenticationException or UnauthorizedAccessException or CryptographicException;

    /// <summary>Whether the connection is gone, so that the same on another may go well.</summary>
    public static bool IsDeadConnection(Exception error) => error switch
    {
        PostgresException refused => refused.SqlState.StartsWith("57P", StringComparison.Ordinal) ||
            refused.SqlState is IdleInTransaction,
        _ => Find<AuthenticationException>(error) is null && LocalFile(error) is null && error is NpgsqlException or SocketException or IOException,
    };

    /// <summary>The error as one that says which reaction it requires.</summary>
    public static PbtException Translate(PostgresAddress address, Exception error)
    {
        if (error is PostgresException refused)
            return TranslateRefusal(address, refused);

        if (Find<AuthenticationException>(error) is { } untrusted)
        {
            return new InvalidRequestException(
                $"no trusted TLS connection to {Place(address)}: {untrusted.Message} Name the file with its certificate authority in PGSSLROOTCERT (or sslrootcert=), or choose another sslmode.", error);
        }

        if (LocalFile(error) is { } unreadable)
        {
            return new InvalidRequestException(
                $"no connection to {Place(address)}: {unreadable.Message} Check the files named by PGPASSFILE, PGSSLROOTCERT, PGSSLCERT and PGSSLKEY, or in the address.", error);
        }

        if (error is NpgsqlException && error.Message.Contains("No password has been provided", StringComparison.Ordinal))
            return new InvalidRequestException($"{Place(address)} asks for a password: give it in PGPASSWORD or in a pass file (PGPASSFILE, or ~/.pgpass)", error);

        if (error is NpgsqlException && error.Message.StartsWith("SSL connection requested", StringComparison.Ordinal))
            return new InvalidRequestException($"{Place(address)} offers no TLS, but sslmode={address.SslMode} asks for it: enable it there (ssl = on), or choose another sslmode", error);

        return Find<SocketException>(error) is { } socket
            ? new TransientStoreException($"{Place(address)} cannot be reached: {socket.Message}. Run again when it can be: {NothingLost}.", error)
            : new TransientStoreException($"the connection to {Place(address)} failed: {Innermost(error)} Run again: {NothingLost}.", error);
    }

    /// <summary>Somebody has changed what pbt wrote.</summary>
    public static DamagedStoreException Damaged(PostgresAddress address, long version, string what, Exception? inner = null) => new(
        FormattableString.Invariant($"study '{address.Study}' in {Place(address)} is damaged at event {version}: {what}. Nothing was changed. Restore the database from a copy, or look at that row of pbt.events."),
        inner);

    /// <summary>A newer pbt was here.</summary>
    public static InvalidRequestException Newer(PostgresAddress address, string what) => new(
        $"{Place(address)}: {what}. It was written by a newer pbt: use that version, or a later one.");

    /// <summary>There is no such study.</summary>
    public static InvalidRequestException NoStudy(PostgresAddress address) => new(
        $"there is no study '{address.Study}' in {Place(address)}; `pbt run SPEC --store` creates one");

    /// <summary>The server and database, for people.</summary>
    public static string Place(PostgresAddress address) => address.Host.StartsWith('/')
        ? FormattableString.Invariant($"the PostgreSQL database '{address.Database}' at {address.Host}/.s.PGSQL.{address.Port}")
        : FormattableString.Invariant($"the PostgreSQL database '{address.Database}' at {address.Host}:{address.Port}");

    private static PbtException TranslateRefusal(PostgresAddress address, PostgresException refused)
    {
        var said = $"{refused.MessageText} (SQLSTATE {refused.SqlState})";
        return refused.SqlState switch
        {
            PostgresErrorCodes.InvalidPassword => new InvalidRequestException(
                $"{Place(address)} does not accept the password: {said}. Check PGPASSWORD or the pass file, and the role in the address or PGUSER.", refused),
            PostgresErrorCodes.InvalidAuthorizationSpecification => new InvalidRequestException(
                $"{Place(address)} refuses the connection: {said}. Check the role in the address or PGUSER, sslmode, and the server's pg_hba.conf.", refused),
            PostgresErrorCodes.InvalidCatalogName => new InvalidRequestException(
                $"{Place(address)} does not exist: {said}. Create it (createdb -E UTF8 {address.Database}), or name another.", refused),
            PostgresErrorCodes.InsufficientPrivilege => new InvalidRequestException(
                $"{Place(address)}: {said}. Give the role that right: docs/stores.md has the statements.", refused),
            PostgresErrorCodes.UniqueViolation => new DamagedStoreException(
                $"study '{address.Study}' in {Place(address)} is damaged: {said}. Somebody else than pbt has changed its rows. Nothing was changed.", refused),
            PostgresErrorCodes.DataCorrupted or PostgresErrorCodes.IndexCorrupted => new DamagedStoreException($"{Place(address)} is damaged: {said}. Restore it from a copy.", refused),
            PostgresErrorCodes.DiskFull => new TransientStoreException(
                $"There is no space left on the server of {Place(address)}: {said}. Free space there and run again: {NothingLost}.", refused),
            PostgresErrorCodes.TooManyConnections => new TransientStoreException(
                $"{Place(address)} has no connection left: {said}. Raise max_connections there, or put a pooler before it.", refused),
            IdleInTransaction => new TransientStoreException(
                $"this process stood still while it had study '{address.Study}' locked, and {Place(address)} ended its transaction. Run again: {NothingLost}.", refused),
            PostgresErrorCodes.QueryCanceled or PostgresErrorCodes.LockNotAvailable => new TransientStoreException(
                $"{Place(address)} took too long, or another session keeps study '{address.Study}' locked: {said}. Run again: {NothingLost}.", refused),
            PostgresErrorCodes.ReadOnlySqlTransaction => new TransientStoreException(
                $"{Place(address)} takes no changes just now: {said}. Is it a standby? Run again when it is not: {NothingLost}.", refused),
            _ when refused.SqlState.StartsWith("42", StringComparison.Ordinal) || refused.SqlState.StartsWith("3F", StringComparison.Ordinal) => new InvalidRequestException(
                $"{Place(address)} is not as pbt made it: {said}. Restore its schema 'pbt' from a copy.", refused),
            _ when refused.SqlState.StartsWith("28", StringComparison.Ordinal) => new InvalidRequestException($"{Place(address)} refuses the connection: {said}.", refused),
            _ => new TransientStoreException($"{Place(address)} could not do it just now: {said}. Run again: {NothingLost}.", refused),
        };
    }

    /// <summary>What is wrong with a file on this side: the pass file, a certificate or a key.</summary>
    private static Exception? LocalFile(Exception error) =>
        (Exception?)Find<FileNotFoundException>(error) ?? (Exception?)Find<DirectoryNotFoundException>(error) ?? (Exception?)Find<UnauthorizedAccessException>(error) ?? (Exception?)Find<CryptographicException>(error);

    private static T? Find<T>(Exception error)
        where T : Exception
    {
        for (var at = error; at is not null; at = at.InnerException)
        {
            if (at is T found)
                return found;
        }

        return null;
    }

    private static string Innermost(Exception error)
    {
        var at = error;
        while (at.InnerException is { } inner)
            at = inner;

        return at.Message.EndsWith('.') ? at.Message : at.Message + ".";
    }
}

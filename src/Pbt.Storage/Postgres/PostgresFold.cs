using Npgsql;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Storage.Postgres;

/// <summary>A study's state and the row up to which it is the fold.</summary>
/// <remarks>Used by one caller at a time.</remarks>
internal sealed class PostgresFold(PostgresDatabase database)
{
    private readonly EventRowReader _reader = new(database.Address);

    /// <summary>The state. Events that are not yet in the database may have been added to it.</summary>
    public StudyState State { get; private set; } = new();

    /// <summary>The version of the last row that was read or written.</summary>
    public long Version { get; private set; }

    /// <summary>That row's checksum; 0 if there is none.</summary>
    public long Checksum { get; private set; }

    /// <summary>Starts over, since the state has become something that is not in the database.</summary>
    public void Reset()
    {
        State = new();
        (Version, Checksum) = (0, 0);
    }

    /// <summary>Goes on to a row: the events up to it are in the state already.</summary>
    public void MoveTo(long version, long checksum) => (Version, Checksum) = (version, checksum);

    /// <summary>Folds the rows that a data reader is to come to; returns how many.</summary>
    public async Task<int> AdvanceAsync(NpgsqlDataReader rows)
    {
        var count = 0;
        for (; await rows.ReadAsync(); count++)
        {
            Apply(database.Address, State, _reader.Read(rows, Version + 1));
            MoveTo(Version + 1, _reader.Checksum);
        }

        return count;
    }

    /// <summary>Folds what comes after, up to a version, piece by piece on a connection.</summary>
    public async Task AdvanceAsync(NpgsqlConnection connection, long study, long upTo)
    {
        while (Version < upTo)
        {
            await using var select = new NpgsqlCommand(PostgresReader.Statement, connection)
            {
                Parameters = { new() { Value = study }, new() { Value = Version }, new() { Value = Math.Min(PostgresReader.Piece, upTo - Version) } },
            };
            await using var rows = await select.ExecuteReaderAsync();
            if (await AdvanceAsync(rows) == 0)
                throw PostgresErrors.Damaged(database.Address, Version + 1, FormattableString.Invariant($"events up to {upTo} should be there"));
        }
    }

    /// <summary>Adds an event to a state.</summary>
    /// <exception cref="DamagedStoreException">It does not follow.</exception>
    public static void Apply(PostgresAddress address, StudyState state, RecordedEvent recorded)
    {
        try
        {
            state.Apply(recorded);
        }
        catch (Exception e) when (e is DamagedStoreException or InvalidOperationException or ArgumentException or KeyNotFoundException)
        {
            throw PostgresErrors.Damaged(address, recorded.Version, $"it does not follow from those before it: {recorded.Event}", e);
        }
    }
}

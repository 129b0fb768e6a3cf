using Pbt.Storage.Postgres;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Postgres;

/// <summary>The server of all tests that leave it as it is; started by the first, ended with the run.</summary>
public static class SharedServer
{
    private static readonly Lazy<Task<PostgresServer>> Started = new(async () =>
    {
        var server = await PostgresServer.StartNewAsync();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => server.DisposeAsync().AsTask().GetAwaiter().GetResult();
        return server;
    });

    private static int _studies;

    /// <summary>The server.</summary>
    public static Task<PostgresServer> GetAsync() => Started.Value;

    /// <summary>A database for a class of tests.</summary>
    public sealed class Database : IAsyncLifetime
    {
        private PostgresAddress? _address;

        /// <summary>The address of a study that no other test uses.</summary>
        public PostgresAddress NewStudy() =>
            _address!.WithStudy($"study {Interlocked.Increment(ref _studies)}");

        public async Task InitializeAsync()
        {
            if (PostgresServer.Missing is null)
                _address = PostgresAddress.Parse(await (await GetAsync()).CreateDatabaseAsync());
        }

        public Task DisposeAsync() => Task.CompletedTask;
    }
}

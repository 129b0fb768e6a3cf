using System.Diagnostics;
using Pbt.Core.Studies;
using Pbt.Storage.Postgres;
using Pbt.Storage.Tests.Journal;
using Pbt.Testing;

namespace Pbt.Storage.Tests.Postgres;

/// <summary>Who gets in: passwords, TLS, rights.</summary>
public sealed class PostgresAccessTests : IAsyncLifetime, IDisposable
{
    private const string Secret = "s3cret-никому";
    private readonly string _folder = Directory.CreateTempSubdirectory("pbt-access-").FullName;
    private PostgresServer? _server;

    private PostgresServer Server => _server!;

    public async Task InitializeAsync()
    {
        if (PostgresServer.Missing is not null)
            return;

        _server = await PostgresServer.StartNewAsync();
        await Server.QueryAsync($"ALTER ROLE {PostgresServer.User} PASSWORD '{Secret}'");
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [PostgresFact]
    public async Task A_password_comes_from_the_environment_or_a_pass_file_and_is_in_no_message()
    {
        var address = $"postgres://{PostgresServer.User}@127.0.0.1:{Server.Port}/postgres?study=s&sslmode=disable";
        var passFile = Path.Combine(_folder, "pass file");
        await File.WriteAllTextAsync(passFile, $"127.0.0.1:{Server.Port}:postgres:*:{Secret}\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(passFile, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.Equal(0, (await HostAsync(address, ("PGPASSWORD", Secret))).Code);
        Assert.Equal(0, (await HostAsync(address, ("PGPASSFILE", passFile))).Code);
        var wrong = await HostAsync(address, ("PGPASSWORD", Secret + "?"));
        var lost = await HostAsync(address, ("PGPASSFILE", "/nowhere"));
        var none = await HostAsync(address, ("PGPASSFILE", "/dev/null"));

        Assert.Contains("does not accept the password", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("Check the files named by PGPASSFILE", lost.Error, StringComparison.Ordinal);
        Assert.Contains("asks for a password", none.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, wrong.Error + none.Error, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task TLS_is_verified_as_sslmode_says()
    {
        var (certificate, key) = (Path.Combine(Server.Data, "server.crt"), Path.Combine(Server.Data, "server.key"));
        var openssl = Process.Start(new ProcessStartInfo(
            "openssl", ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-keyout", key, "-out", certificate, "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        { RedirectStandardError = true, UseShellExecute = false })!;
        await openssl.WaitForExitAsync();
        Assert.Equal(0, openssl.ExitCode);
        foreach (var path in (string[])[certificate, key])
            await PostgresServer.OwnAsync(path);

        var address = $"postgres://{PostgresServer.User}@localhost:{Server.Port}/postgres?study=s&sslmode=";
        var withoutTls = await HostAsync(address + "require", ("PGPASSWORD", Secret));
        await Server.StopAsync();
        await Server.ConfigureAsync("ssl = on");
        await Server.StartAsync();

        Assert.Contains("offers no TLS", withoutTls.Error, StringComparison.Ordinal);
        Assert.Equal(0, (await HostAsync(address + "verify-full", ("PGPASSWORD", Secret), ("PGSSLROOTCERT", certificate))).Code);
        Assert.Contains("no trusted TLS connection", (await HostAsync(address + "verify-full", ("PGPASSWORD", Secret))).Error, StringComparison.Ordinal);
        Assert.Equal(0, (await HostAsync(address + "require", ("PGPASSWORD", Secret))).Code);
    }

    [PostgresFact]
    public async Task What_is_not_there_or_not_allowed_is_said_with_how_to_mend_it()
    {
        var address = await Server.CreateDatabaseAsync();
        var database = PostgresAddress.Parse(address).Database;
        await Server.QueryAsync("CREATE ROLE nobody_much LOGIN");
        await Server.QueryAsync("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");

        await ShouldRefuseAsync(address.Replace(database, "missing", StringComparison.Ordinal), "does not exist");
        await ShouldRefuseAsync(address.Replace(database, "latin", StringComparison.Ordinal), "encoding LATIN1");
        await ShouldRefuseAsync(address.Replace(PostgresServer.User, "nobody_much", StringComparison.Ordinal), "permission denied");
        await ShouldRefuseAsync(address.Replace(PostgresServer.User, "unknown_role", StringComparison.Ordinal), "refuses the connection");
        await using var unknown = PostgresStudyStore.Open(PostgresAddress.Parse(address));
        var error = await Assert.ThrowsAsync<InvalidRequestException>(async () => await JournalText.ReadAsync(unknown));
        Assert.Contains("there is no study 'study'", error.Message, StringComparison.Ordinal);
    }

    private static async Task ShouldRefuseAsync(string address, string saying)
    {
        await using var store = PostgresStudyStore.Create(PostgresAddress.Parse(address));
        var error = await Assert.ThrowsAsync<InvalidRequestException>(async () => await JournalText.AddAsync(store, JournalText.Join(0)));
        Assert.Contains(saying, error.Message, StringComparison.Ordinal);
    }

    /// <summary>One transaction in a process with that environment.</summary>
    private static async Task<(int Code, string Error)> HostAsync(string address, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "Pbt.Storage.TestHost"), [address, "w", "1"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        using var process = Process.Start(start)!;
        try
        {
            var error = await process.StandardError.ReadToEndAsync().WaitAsync(TimeSpan.FromSeconds(90));
            await process.WaitForExitAsync();
            return (process.ExitCode, error);
        }
        finally
        {
            process.Kill();
        }
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Pbt.Testing;

/// <summary>A real PostgreSQL server of one's own, in a temporary directory, on a Unix socket and a port of the loopback.</summary>
/// <remarks>
/// Not thread-safe. It ends with this process, however that ends. Over the socket it trusts everybody; over the port it asks
/// for a password (SCRAM). The user <see cref="User"/> may do everything.
/// </remarks>
public sealed class PostgresServer : IAsyncDisposable
{
    /// <summary>The database user who may do everything.</summary>
    public const string User = "pbt_tests";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string? Programs = FindPrograms();

    private readonly string _root;
    private Process? _process;
    private int _databases;

    private PostgresServer(string root, int port)
    {
        _root = root;
        Port = port;
    }

    /// <summary>Why no server can be had here; null if it can.</summary>
    public static string? Missing => Programs is null
        ? "PostgreSQL is not installed (Debian's package postgresql; no initdb in /usr/lib/postgresql/*/bin or the PATH)."
        : IsRoot && !HasUser("postgres") ? "PostgreSQL does not run as root, and there is no user postgres." : null;

    /// <summary>The port on the loopback.</summary>
    public int Port { get; }

    /// <summary>The directory of the Unix socket.</summary>
    public string Socket => _root;

    /// <summary>The data directory, where its configuration is.</summary>
    public string Data => Path.Combine(_root, "data");

    /// <summary>What the server said.</summary>
    public string Log => Path.Combine(_root, "log");

    private static bool IsRoot => string.Equals(Environment.UserName, "root", StringComparison.Ordinal);

    /// <summary>Makes a server and starts it.</summary>
    /// <param name="settings">More lines for its configuration.</param>
    public static async Task<PostgresServer> StartNewAsync(params string[] settings)
    {
        var root = Directory.CreateTempSubdirectory("pbt-pg-").FullName;
        var server = new PostgresServer(root, FreePort());
        await OwnAsync(root);
        await RunAsync(Launch(
            "initdb", "-D", server.Data, "-E", "UTF8", "--locale=C", "-U", User, "--auth-local=trust", "--auth-host=scram-sha-256", "--no-sync", "--no-instructions"));
        await server.ConfigureAsync(
        [
            "listen_addresses = '127.0.0.1'",
            string.Create(CultureInfo.InvariantCulture, $"port = {server.Port}"),
            $"unix_socket_directories = '{root}'",
            "max_connections = 200",
            "shared_buffers = 64MB",
            "log_min_messages = warning",
            .. settings,
        ]);
        await server.StartAsync();
        return server;
    }

    /// <summary>Adds lines to its configuration; they count from the next start on.</summary>
    public async Task ConfigureAsync(params string[] settings)
    {
        await File.AppendAllLinesAsync(Path.Combine(Data, "postgresql.conf"), settings);
        await OwnAsync(Path.Combine(Data, "postgresql.conf"));
    }

    /// <summary>Gives a file or directory to the user that the server runs as.</summary>
    public static async Task OwnAsync(string path)
    {
        if (IsRoot)
            await RunAsync(new ProcessStartInfo("chown", ["postgres:postgres", path]));
    }

    /// <summary>Starts it and waits until it takes connections.</summary>
    public async Task StartAsync()
    {
        // The shell ends the server when this process, and so the pipe, is gone.
        var launch = Launch("postgres", "-D", Data);
        var command = string.Join(' ', launch.ArgumentList.Prepend(launch.FileName).Select(static a => $"'{a}'"));
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", $"exec 3<&0; {command} </dev/null >>'{Log}' 2>&1 & server=$!; read -r _ <&3; kill -INT $server; wait $server"])
        {
            RedirectStandardInput = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("No shell.");
        await UntilAsync(async () => await TryRunAsync(Launch("pg_isready", "-q", "-h", _root, "-p", PortText, "-d", "postgres", "-U", User)), "The server does not start.");
    }

    /// <summary>Kills the server and all of its processes at once, as a crash of the machine would.</summary>
    public async Task KillAsync()
    {
        var postmaster = int.Parse((await File.ReadAllLinesAsync(Path.Combine(Data, "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        List<int> all = [postmaster, .. ChildrenOf(postmaster)];
        foreach (var pid in all)
            TryKill(pid);

        await UntilAsync(() => Task.FromResult(!all.Exists(IsRunning)), "The server's processes do not end.");
        await EndShellAsync();
    }

    /// <summary>Stops it in an orderly way.</summary>
    public async Task StopAsync()
    {
        await RunAsync(Launch("pg_ctl", "stop", "-D", Data, "-m", "fast", "-s"));
        await EndShellAsync();
    }

    /// <summary>Makes an empty database and returns the address of a study in it, over the socket.</summary>
    public async Task<string> CreateDatabaseAsync(string study = "study")
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"db{Interlocked.Increment(ref _databases)}");
        await QueryAsync($"CREATE DATABASE {name}");
        return $"postgres://{User}@/{name}?host={_root}&port={PortText}&study={Uri.EscapeDataString(study)}";
    }

    /// <summary>Runs statements and returns what they print, without headers.</summary>
    public Task<string> QueryAsync(string sql, string database = "postgres") =>
        RunAsync(Launch("psql", "-h", _root, "-p", PortText, "-U", User, "-d", database, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-c", sql));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await EndShellAsync();

        _process?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private string PortText => Port.ToString(CultureInfo.InvariantCulture);

    private async Task EndShellAsync()
    {
        _process!.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    private static ProcessStartInfo Launch(string program, params string[] arguments)
    {
        var path = Path.Combine(Programs!, program);
        return IsRoot
            ? new("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", path, .. arguments])
            : new(path, arguments);
    }

    private static async Task<bool> TryRunAsync(ProcessStartInfo start)
    {
        using var process = Process.Start(start)!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }

    private static async Task<string> RunAsync(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = true;
        start.RedirectStandardError = true;
        start.WorkingDirectory = "/";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0
            ? (await output).TrimEnd('\n')
            : throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} ended with {process.ExitCode}: {error}");
    }

    private async Task UntilAsync(Func<Task<bool>> condition, string otherwise)
    {
        var began = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"{otherwise} Its log: {(File.Exists(Log) ? await File.ReadAllTextAsync(Log) : "none")}");

            await Task.Delay(Pause);
        }
    }

    /// <summary>Whether a process has not ended; one that has may stay until its parent asks.</summary>
    private static bool IsRunning(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static IEnumerable<int> ChildrenOf(int parent)
    {
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (!int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var pid))
                continue;

            string stat;
            try
            {
                stat = File.ReadAllText(Path.Combine(directory, "stat"));
            }
            catch (IOException)
            {
                continue;
            }

            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            if (int.Parse(fields[1], CultureInfo.InvariantCulture) == parent)
                yield return pid;
        }
    }

    private static void TryKill(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }
        catch (ArgumentException)
        {
            // Gone already.
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool HasUser(string name) => File.ReadLines("/etc/passwd").Any(line => line.StartsWith(name + ":", StringComparison.Ordinal));

    private static string? FindPrograms()
    {
        const string Debian = "/usr/lib/postgresql";
        var versions = Directory.Exists(Debian)
            ? Directory.GetDirectories(Debian).OrderByDescending(static path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var version) ? version : 0)
            : Enumerable.Empty<string>();
        return versions.Select(static path => Path.Combine(path, "bin"))
            .Concat((Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(static path => File.Exists(Path.Combine(path, "initdb")) && File.Exists(Path.Combine(path, "postgres")));
    }
}

using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace Pbt.Testing;

/// <summary>A real S3-compatible server of one's own (OpenStack Swift with its S3 API), in a temporary directory, on a port of the loopback.</summary>
/// <remarks>Not thread-safe. It ends with this process, however that ends.</remarks>
public sealed class S3Server : IAsyncDisposable
{
    /// <summary>The access key that may do everything.</summary>
    public const string AccessKey = "test:tester";

    /// <summary>The secret of <see cref="AccessKey"/>.</summary>
    public const string SecretKey = "s3cret-of-the-tests";

    /// <summary>An access key that may do nothing.</summary>
    public const string GuestAccessKey = "test:guest";

    /// <summary>The secret of <see cref="GuestAccessKey"/>.</summary>
    public const string GuestSecretKey = "guesting";

    private const string Python = "/usr/bin/python3";
    private const string Package = "/usr/lib/python3/dist-packages/swift";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly string? Script = FindScript();

    private readonly string _root = Directory.CreateTempSubdirectory("pbt-s3-").FullName;
    private readonly int _port = FreePort();
    private AmazonS3Client? _client;
    private Process? _process;
    private int _buckets;

    private S3Server()
    {
    }

    /// <summary>Why no server can be had here; null if it can.</summary>
    public static string? Missing =>
        !File.Exists(Python) || !Directory.Exists(Package) ? "OpenStack Swift is not installed (Debian's package python3-swift)."
        : Script is null ? "eng/s3/serve is not found: the tests do not run in the repository."
        : null;

    /// <summary>The port on the loopback.</summary>
    public int Port => _port;

    /// <summary>The server's address.</summary>
    public string Endpoint => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_port}");

    /// <summary>A client that may do everything, to look at what is there and to spoil it.</summary>
    public AmazonS3Client Client => _client ??= new AmazonS3Client(
        new BasicAWSCredentials(AccessKey, SecretKey),
        new AmazonS3Config
        {
            ServiceURL = Endpoint,
            ForcePathStyle = true,
            AuthenticationRegion = "us-east-1",
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    /// <summary>What gives a process credentials that may do everything.</summary>
    public static IReadOnlyDictionary<string, string> Environment { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal) { ["AWS_ACCESS_KEY_ID"] = AccessKey, ["AWS_SECRET_ACCESS_KEY"] = SecretKey };

    /// <summary>Makes a server and starts it.</summary>
    public static async Task<S3Server> StartNewAsync()
    {
        var server = new S3Server();
        await server.StartAsync();
        return server;
    }

    /// <summary>Starts it and waits until it answers; what was stored before is there again.</summary>
    public async Task StartAsync()
    {
        _process?.Dispose();
        _process = Process.Start(new ProcessStartInfo(Python, [Script!, _root, _port.ToString(CultureInfo.InvariantCulture)])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("No Python.");
        var said = _process.StandardError.ReadToEndAsync();
        var began = Stopwatch.GetTimestamp();
        while (!await AnswersAsync())
        {
            if (_process.HasExited || Stopwatch.GetElapsedTime(began) > Patience)
                throw new TimeoutException($"The S3-compatible server does not start: {(_process.HasExited ? await said : "it does not answer")}");

            await Task.Delay(Pause);
        }
    }

    /// <summary>Kills it at once, as a crash of its machine would.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Makes an empty bucket; returns its name.</summary>
    public async Task<string> CreateBucketAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"bucket-{Interlocked.Increment(ref _buckets)}");
        await Client.PutBucketAsync(new PutBucketRequest { BucketName = name });
        return name;
    }

    /// <summary>The names of all objects of a bucket.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(string bucket)
    {
        var page = await Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket });
        return [.. (page.S3Objects ?? []).Select(static entry => entry.Key)];
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_process is { HasExited: false })
            await KillAsync();

        _process?.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, _port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static string? FindScript()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "pbt.slnx")))
                return Path.Combine(directory.FullName, "eng", "s3", "serve");
        }

        return null;
    }
}

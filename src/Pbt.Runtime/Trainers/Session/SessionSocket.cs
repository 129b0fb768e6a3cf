using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>A socket that one trainer connects to: in a directory of its own that only the user may enter.</summary>
/// <remarks>The directory is gone once the trainer has connected, or the socket is disposed. What a killed worker has left is removed by the next.</remarks>
internal sealed class SessionSocket : IDisposable
{
    /// <summary>The environment variable that names the socket.</summary>
    public const string Variable = "PBT_SOCKET";

    private const string Prefix = "pbt-session-";

    // sun_path of Linux and macOS, without the end of the text.
    private const int MaxPath = 103;

    /// <summary>Tells processes apart that share a temporary directory but not their numbers: containers, and machines before they were restarted.</summary>
    private static readonly Lazy<string> Place = new(static () =>
        Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(ProcessIdentity.Current.BootId + ProcessIdentity.Current.PidNamespace)))[..8]);

    private static readonly Lazy<bool> Swept = new(Sweep);

    private readonly string _directory;
    private readonly Socket _listener;

    private SessionSocket(string directory, Socket listener)
    {
        _directory = directory;
        _listener = listener;
    }

    /// <summary>Where it listens.</summary>
    public string Path => System.IO.Path.Combine(_directory, "socket");

    /// <summary>Makes one that listens.</summary>
    /// <exception cref="IOException">It could not be made.</exception>
    public static SessionSocket Listen()
    {
        _ = Swept.Value;
        var self = ProcessIdentity.Current;
        var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Place.Value}-{self.Pid}-{self.StartTicks}-");

        var template = System.IO.Path.Combine(System.IO.Path.GetTempPath(), name + "XXXXXX");
        var root = Encoding.UTF8.GetByteCount(template) + "/socket".Length <= MaxPath ? System.IO.Path.GetTempPath() : "/tmp";
        var directory = Make(System.IO.Path.Combine(root, name + "XXXXXX"));
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        var socket = new SessionSocket(directory, listener);
        try
        {
            listener.Bind(new UnixDomainSocketEndPoint(socket.Path));
            listener.Listen(backlog: 1);
            return socket;
        }
        catch (SocketException error)
        {
            socket.Dispose();
            throw new IOException($"no socket could be made in {root} for the trainer to connect to: {error.Message}", error);
        }
    }

    /// <summary>Takes the trainer's connection, and nobody else's after that.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    /// <exception cref="IOException">It could not be taken, as when this process has too many files open.</exception>
    public async Task<Socket> AcceptAsync(CancellationToken cancellationToken)
    {
        try
        {
            var connection = await _listener.AcceptAsync(cancellationToken);
            Dispose();
            return connection;
        }
        catch (SocketException error)
        {
            throw new IOException($"the trainer's connection could not be taken: {error.Message}", error);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _listener.Dispose();
        Remove(_directory);
    }

    private static unsafe string Make(string template)
    {
        fixed (byte* path = Encoding.UTF8.GetBytes(template + '\0'))
        {
            return LibC.MakeTemporaryDirectory(path) != null
                ? Marshal.PtrToStringUTF8((nint)path)!
                : throw new IOException($"no directory could be made at {template}: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

    /// <summary>Removes what workers of this user have left that are gone.</summary>
    private static bool Sweep()
    {
        foreach (var root in (string[])[System.IO.Path.GetTempPath(), "/tmp"])
        {
            try
            {
                foreach (var directory in Directory.EnumerateDirectories(root, Prefix + "*"))
                {
                    if (IsLeft(System.IO.Path.GetFileName(directory)))
                        Remove(directory);
                }
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is only tidied.
            }
        }

        return true;
    }

    private static bool IsLeft(string name)
    {
        var parts = name[Prefix.Length..].Split('-');
        return parts.Length == 4
            && string.Equals(parts[0], Place.Value, StringComparison.Ordinal)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            && long.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var started)
            && (ProcessIdentity.Current with { Pid = pid, StartTicks = started }).Observe() == ProcessPresence.Gone;
    }

    private static void Remove(string directory)
    {
        try
        {
            Directory.Delete(directory, recursive: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // Removed already, or another user's.
        }
    }
}

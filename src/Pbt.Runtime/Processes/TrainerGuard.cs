using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Win32.SafeHandles;

namespace Pbt.Runtime.Processes;

/// <summary>Sees to it that no trainer outlives its worker, however the worker ends.</summary>
/// <remarks>
/// <para>One small shell process for each worker waits for the end of a pipe whose other end only the worker holds.
/// When the worker is gone, also by SIGKILL, it kills the registered process groups and then every process that carries
/// the worker's mark in its environment, so also those that changed their session or became daemons.</para>
/// <para>It is a shell, not this program again: that takes 1 MB and a millisecond, and what kills all .NET programs or
/// all that are named like this one does not hit it. It leads a session of its own and ignores the usual signals. If
/// it is killed nevertheless, another takes its place at once.</para>
/// <para>The parent-death signal of Linux would not do: it follows the thread that created the child, which may be
/// a pooled one and end long before the worker, and it does not reach grandchildren.</para>
/// <para>Where there is no <c>/proc</c> (macOS) only the registered groups are killed; without <c>/bin/sh</c> nothing
/// is, and <see cref="IsWatching"/> is false. A trainer that clears its environment and leaves its group escapes, as
/// does a container that it starts through a daemon.</para>
/// <para>Thread-safe. Dispose it when no trainer runs any more.</para>
/// </remarks>
public sealed partial class TrainerGuard : IAsyncDisposable
{
    /// <summary>The environment variable that marks the trainers of a worker.</summary>
    public const string WorkerVariable = "PBT_WORKER";

    private const string Shell = "/bin/sh";
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Healthy = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan QuitPatience = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private readonly HashSet<int> _groups = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private Task _watching = Task.CompletedTask;
    private SafeFileHandle? _pipe;
    private ChildProcess? _process;
    private bool _disposed;

    private TrainerGuard(EnvironmentEntry mark, ILogger logger, TimeProvider time)
    {
        Mark = mark;
        _logger = logger;
        _time = time;
    }

    /// <summary>The entry that every trainer of this worker must have in its environment.</summary>
    public EnvironmentEntry Mark { get; }

    /// <summary>The guard's process; null while there is none.</summary>
    public int? ProcessId => Running()?.Pid;

    /// <summary>True while a guard process runs.</summary>
    public bool IsWatching => ProcessId is not null;

    /// <summary>Starts the guard of this process.</summary>
    /// <remarks>A guard that cannot be started is tried again and again, and logged; the worker may go on without.</remarks>
    /// <param name="workerToken">Identifies the worker among all that run on this machine, such as its id in the study.</param>
    /// <param name="logger">Told when the guard is lost and replaced.</param>
    /// <param name="timeProvider">Times the attempts; the system's clock when null.</param>
    /// <exception cref="ArgumentException">The token is empty, or holds a line break or a NUL character.</exception>
    public static TrainerGuard Start(string workerToken, ILogger? logger = null, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(workerToken);
        var mark = new EnvironmentEntry(WorkerVariable, workerToken);
        var guard = new TrainerGuard(mark, logger ?? NullLogger.Instance, timeProvider ?? TimeProvider.System);
        lock (guard._gate)
        {
            guard.Launch();
            guard._watching = guard.WatchAsync();
        }

        return guard;
    }

    /// <summary>Puts a trainer's process group under the guard.</summary>
    /// <remarks>One small write to a pipe, which never blocks. Registering twice is the same as once.</remarks>
    public void Register(int processGroup)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(processGroup, 1);
        lock (_gate)
        {
            if (_groups.Add(processGroup))
                Send(Line("add", processGroup));
        }
    }

    /// <summary>Releases a process group, once its trainer has ended.</summary>
    /// <remarks>One small write to a pipe. A group that is not registered is no error.</remarks>
    public void Unregister(int processGroup)
    {
        lock (_gate)
        {
            if (_groups.Remove(processGroup))
                Send(Line("del", processGroup));
        }
    }

    /// <summary>Lets the guard go, without killing anything.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_disposed)
                return;
            _disposed = true;
        }

        // First the watching, which would replace the guard that is told to leave.
        await _stop.CancelAsync();
        await _watching;
        var process = Running();
        lock (_gate)
        {
            if (!Send("quit\n"))
                KillProcess();
        }

        if (process is not null)
            await WaitForEndAsync(process);
        lock (_gate)
            ClosePipe();
        _stop.Dispose();
    }

    private static string Line(string verb, int group) => string.Create(CultureInfo.InvariantCulture, $"{verb} {group}\n");

    private static TimeSpan DelayAfter(int failures)
    {
        var delay = FirstDelay * Math.Pow(2, Math.Min(failures, 10));
        return delay < LongestDelay ? delay : LongestDelay;
    }

    private async Task WaitForEndAsync(ChildProcess process)
    {
        try
        {
            await process.WaitAsync().WaitAsync(QuitPatience, _time);
        }
        catch (TimeoutException)
        {
            // It was stopped, or the machine is that slow. It must be gone before the pipe closes, which it would
            // take for the worker's death.
            KillProcess();
            await process.WaitAsync();
        }
    }

    private async Task WatchAsync()
    {
        var failures = 0;
        try
        {
            while (true)
            {
                var began = _time.GetTimestamp();
                if (Running() is { } process)
                {
                    var status = await process.WaitAsync(_stop.Token);
                    _stop.Token.ThrowIfCancellationRequested();
                    LogLost(process.Pid, status);
                }

                // The first replacement comes at once; one that keeps dying is not started in a tight loop.
                failures = _time.GetElapsedTime(began) > Healthy ? 1 : failures + 1;
                if (failures > 1)
                    await Task.Delay(DelayAfter(failures), _time, _stop.Token);
                lock (_gate)
                {
                    ClosePipe();
                    Launch();
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private ChildProcess? Running()
    {
        lock (_gate)
            return _pipe is null ? null : _process;
    }

    /// <summary>Starts a guard process and tells it all groups. The caller holds the lock.</summary>
    private void Launch()
    {
        if (_disposed)
            return;
        if (!TryOpenPipe(out var reader, out var writer))
        {
            LogNotStarted($"no pipe could be opened: {Marshal.GetLastPInvokeErrorMessage()}");
            return;
        }

        using (reader)
        {
            switch (ChildProcess.Start(GuardLaunch(), _time, new ChildStreams(Input: (int)reader.DangerousGetHandle())))
            {
                case ProcessStart.Started(var process):
                    _process = process;
                    _pipe = writer;
                    LogStarted(process.Pid, _groups.Count);
                    if (_groups.Count > 0)
                        Send(string.Concat(_groups.Select(group => Line("add", group))));
                    break;
                case ProcessStart.NotStarted(var reason):
                    writer.Dispose();
                    LogNotStarted(reason);
                    break;
            }
        }
    }

    // The environment is made from scratch: were the worker itself marked, the guard would find itself.
    private ProcessLaunch GuardLaunch() => new()
    {
        FileName = Shell,
        Arguments = ["-c", TrainerGuardScript.Command, "trainer-guard"],
        WorkingDirectory = "/",
        StandardOutputPath = "/dev/null",
        StandardErrorPath = "/dev/null",
        Environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["PATH"] = "/usr/local/bin:/usr/bin:/bin:" + Environment.GetEnvironmentVariable("PATH"),
            ["LC_ALL"] = "C",
            [TrainerGuardScript.ScriptVariable] = TrainerGuardScript.Text,
            [TrainerGuardScript.MarkVariable] = Mark.ToString(),
        },
    };

    /// <summary>Writes to the guard; false when it does not take it. The caller holds the lock.</summary>
    /// <remarks>A guard that is gone (EPIPE) is replaced by the watching task and then told everything.</remarks>
    private unsafe bool Send(string lines)
    {
        if (_pipe is null)
            return false;
        var bytes = Encoding.ASCII.GetBytes(lines);
        fixed (byte* start = bytes)
        {
            nint written;
            do
            {
                written = LibC.Write((int)_pipe.DangerousGetHandle(), start, (nuint)bytes.Length);
            }
            while (written < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
            if (written == bytes.Length)
                return true;
        }

        // The pipe is full, so the guard has not read for thousands of lines: it is stopped. A new one will read.
        KillProcess();
        return false;
    }

    private void KillProcess()
    {
        if (_process is { } process)
            process.EndLeftovers();
    }

    private void ClosePipe()
    {
        _pipe?.Dispose();
        _pipe = null;
    }

    private static unsafe bool TryOpenPipe(out SafeFileHandle reader, out SafeFileHandle writer)
    {
        var ends = stackalloc int[2];
        var opened = LibC.Pipe(ends, LibC.CloseOnExec) == 0;
        reader = new SafeFileHandle(opened ? ends[0] : -1, ownsHandle: true);
        writer = new SafeFileHandle(opened ? ends[1] : -1, ownsHandle: true);

        // Only the worker's end: a shell cannot read from a pipe that does not block.
        return opened && LibC.Control(ends[1], LibC.SetFileStatusFlags, LibC.WriteOnly | LibC.NonBlocking) == 0;
    }
}

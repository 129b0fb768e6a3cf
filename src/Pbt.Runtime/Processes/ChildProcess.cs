using System.Globalization;
using System.Runtime.InteropServices;

namespace Pbt.Runtime.Processes;

/// <summary>A process that this program started and can end with all that it left.</summary>
/// <remarks>
/// <para>It leads a session and a process group of its own, so a Ctrl-C at the terminal reaches this program only.</para>
/// <para>Thread-safe. Holds nothing that needs disposing: a child is reaped as soon as it ends, watched or not.
/// <see cref="System.Diagnostics.Process"/> may be used beside it; neither takes the other's children.</para>
/// </remarks>
public sealed class ChildProcess
{
    /// <summary>The environment variable, added to every child, by which its descendants are found again.</summary>
    public const string MarkerVariable = "PBT_PROCESS";

    // Room for the just-in-time compiler, which may run on the watching thread; untouched pages cost no memory.
    private const int WatcherStackSize = 256 * 1024;
    private const int FileBusyAttempts = 32;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan KillPatience = TimeSpan.FromSeconds(5);
    private static long _started;

    private readonly Lock _gate = new();
    private readonly TaskCompletionSource<ExitStatus> _exit = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly SweepTarget _remains;
    private bool _reaped;

    static ChildProcess() => Signals.KeepExitStatuses();

    private ChildProcess(int pid, EnvironmentEntry marker, TimeProvider time)
    {
        _time = time;
        Pid = pid;

        // It cannot have been reaped yet, so this is the child's own start even if it has ended by now.
        var started = ProcessStat.Read(pid)?.StartTicks ?? 0;
        _remains = new SweepTarget(marker) { Leader = (pid, started) };
        Identity = ProcessIdentity.Current with { Pid = pid, StartTicks = started };
        new Thread(Watch, WatcherStackSize) { IsBackground = true, Name = "child process watcher" }.Start();
    }

    /// <summary>The process id; also the id of its session and of its process group.</summary>
    public int Pid { get; }

    /// <summary>The child's name for other processes of this machine.</summary>
    public ProcessIdentity Identity { get; }

    /// <summary>Starts a process.</summary>
    /// <remarks>
    /// What the user can mend comes back as <see cref="ProcessStart.NotStarted"/>. A start takes about as long as the
    /// operating system needs, and grows neither with this program's memory nor with its number of threads.
    /// </remarks>
    /// <param name="launch">What to run.</param>
    /// <param name="timeProvider">Times <see cref="EndAsync"/>; the system's clock when null.</param>
    public static ProcessStart Start(ProcessLaunch launch, TimeProvider? timeProvider = null) =>
        Start(launch, timeProvider ?? TimeProvider.System, default);

    /// <summary>Completes when the process has ended.</summary>
    /// <remarks>Its descendants may still run; see <see cref="EndLeftovers"/>.</remarks>
    /// <exception cref="OperationCanceledException">The waiting was cancelled; the process goes on.</exception>
    public Task<ExitStatus> WaitAsync(CancellationToken cancellationToken = default) => _exit.Task.WaitAsync(cancellationToken);

    /// <summary>Ends the process and everything that it started.</summary>
    /// <remarks>
    /// <para>The process group gets SIGTERM and has <paramref name="grace"/> to end; then whatever is left gets
    /// SIGKILL: the group, the session, descendants, and processes that carry this child's marker although they
    /// became daemons. A descendant escapes only if it left the session, lost its parent and cleared its environment.</para>
    /// <para>May be called after the process has ended, to remove all that it left; and more than once.</para>
    /// </remarks>
    /// <param name="grace">How long to wait between SIGTERM and SIGKILL; zero for SIGKILL at once.</param>
    /// <param name="cancellationToken">Ends the grace at once. The killing is never cancelled.</param>
    /// <returns>How the process ended; <see cref="ExitStatus.Unknown"/> when it hangs in the kernel for 5 seconds more.</returns>
    public async Task<ExitStatus> EndAsync(TimeSpan grace, CancellationToken cancellationToken = default)
    {
        var known = new HashSet<(int, long)>();
        if (grace > TimeSpan.Zero)
        {
            // Before the signal: once its parent has ended, a descendant is nobody's child.
            known.UnionWith(ProcessSweep.Find(_remains).Select(found => (found.Pid, found.StartTicks)));
            SignalGroup(LibC.SigTerm);
            await WaitForGroupAsync(grace, cancellationToken);
        }

        var remains = _remains with { Known = known };
        known.UnionWith(ProcessSweep.Find(remains).Select(found => (found.Pid, found.StartTicks)));
        SignalGroup(LibC.SigKill);
        await ProcessSweep.KillAsync(remains, _time, CancellationToken.None);
        try
        {
            return await _exit.Task.WaitAsync(KillPatience, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            return ExitStatus.Unknown;
        }
    }

    /// <summary>Kills what is left of the process group after the process has ended by itself.</summary>
    /// <remarks>
    /// Costs two system calls, and nothing is waited for. Processes that left the group stay; to remove those as
    /// well call <see cref="EndAsync"/>. Called while the process still runs, it kills that too.
    /// </remarks>
    public void EndLeftovers() => SignalGroup(LibC.SigKill);

    internal static ProcessStart Start(ProcessLaunch launch, TimeProvider time, ChildStreams streams)
    {
        if (StartDiagnosis.Invalid(launch) is { } invalid)
            return new ProcessStart.NotStarted(invalid);
        var workingDirectory = Path.GetFullPath(launch.WorkingDirectory);
        if (ExecutableLookup.Find(launch, workingDirectory, out var reason) is not { } program)
            return new ProcessStart.NotStarted(StartDiagnosis.MissingWorkingDirectory(workingDirectory) ?? reason);

        var marker = NextMarker();
        var pid = 0;
        var error = LibC.FileBusy;

        // A program that was just written counts as busy while a process that another thread is starting still holds
        // the descriptor which wrote it: that is over in a moment.
        for (var attempt = 0; attempt < FileBusyAttempts && error == LibC.FileBusy; attempt++)
            pid = Spawner.Spawn(program, launch, workingDirectory, marker, streams, out error);
        return pid > 0
            ? new ProcessStart.Started(new ChildProcess(pid, marker, time))
            : new ProcessStart.NotStarted(StartDiagnosis.Explain(launch, program, workingDirectory, error));
    }

    private static EnvironmentEntry NextMarker()
    {
        var self = ProcessIdentity.Current;
        var number = Interlocked.Increment(ref _started);
        return new EnvironmentEntry(
            MarkerVariable,
            string.Create(CultureInfo.InvariantCulture, $"{self.Pid}-{self.StartTicks}-{number}"));
    }

    private void SignalGroup(int signal)
    {
        lock (_gate)
        {
            // Until it is reaped the pid is ours. After that, the number stays taken while the group has members; so
            // if a process bears it again, the group is over and the number belongs to somebody else.
            if (!_reaped || !Signals.Exists(Pid))
                Signals.SendToGroup(Pid, signal);
        }
    }

    private async Task WaitForGroupAsync(TimeSpan grace, CancellationToken cancellationToken)
    {
        var began = _time.GetTimestamp();
        try
        {
            await _exit.Task.WaitAsync(grace, _time, cancellationToken);
            var pause = FirstPause;
            while (_time.GetElapsedTime(began) < grace && HasLiveGroup())
            {
                await Task.Delay(pause, _time, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        catch (Exception over) when (over is TimeoutException or OperationCanceledException)
        {
            // The grace is over; what follows is the same for either reason.
        }
    }

    private bool HasLiveGroup()
    {
        // The signal counts members that have ended and that nobody reaps, as in a container whose first process
        // is no init: so a yes needs a closer look.
        if (!Signals.GroupExists(Pid))
            return false;
        return !ProcFiles.Exist
            || ProcFiles.Pids().Any(pid => ProcessStat.Read(pid) is { HasEnded: false } stat && stat.Group == Pid);
    }

    private void Watch()
    {
        var known = WaitWithoutReaping();
        var status = ExitStatus.Unknown;
        lock (_gate)
        {
            if (known)
                status = Reap();
            _reaped = true;
        }

        _exit.SetResult(status);
    }

    private unsafe bool WaitWithoutReaping()
    {
        // siginfo_t, of which nothing is read: the status comes with the reaping.
        var ignored = stackalloc long[16];
        while (LibC.WaitId(LibC.WaitForPid, (uint)Pid, ignored, LibC.WaitExited | LibC.WaitWithoutReaping) != 0)
        {
            if (Marshal.GetLastPInvokeError() != LibC.Interrupted)
                return false;
        }

        return true;
    }

    private unsafe ExitStatus Reap()
    {
        int status;
        int reaped;
        do
        {
            reaped = LibC.WaitPid(Pid, &status, 0);
        }
        while (reaped < 0 && Marshal.GetLastPInvokeError() == LibC.Interrupted);
        return reaped == Pid ? ExitStatus.FromWaitStatus(status) : ExitStatus.Unknown;
    }
}

using System.Collections;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Storage;
using Pbt.Storage.FileSystem;

namespace Pbt.Backends.Local;

/// <summary>One worker process on this machine.</summary>
/// <remarks>Thread-safe. Disposing it ends the process and its trainers.</remarks>
internal sealed class LocalWorker : IAsyncDisposable
{
    // Longer than any grace a worker gives its trainers by itself: it is ended only if it hangs.
    private static readonly TimeSpan StopPatience = TimeSpan.FromHours(1);

    private readonly ChildProcess _child;
    private readonly CancellationTokenSource _kill = new();
    private int _stops;

    private LocalWorker(ChildProcess child, string log)
    {
        _child = child;
        LogPath = log;
        Completion = child.WaitAsync();
    }

    /// <summary>Completes when it has ended, with how.</summary>
    public Task<ExitStatus> Completion { get; }

    /// <summary>What it prints.</summary>
    public string LogPath { get; }

    /// <summary>Starts one, which ends itself as soon as this process is gone.</summary>
    /// <exception cref="InvalidRequestException">It could not be started.</exception>
    public static LocalWorker Start(IReadOnlyList<string> pbt, StudyDirectory study, int? slots, TimeProvider time)
    {
        StudyTree.Make(study, study.Logs);
        var log = Path.Combine(study.Logs, "worker.log");
        UntrustedFile.Clear(log);
        var self = ProcessIdentity.Current;
        List<string> arguments =
        [
            .. pbt.Skip(1),
            "worker",
            study.Root,
            "--parent",
            string.Create(CultureInfo.InvariantCulture, $"{self.Pid}:{self.StartTicks}"),
        ];
        if (slots is not null)
            arguments.AddRange(["--slots", slots.Value.ToString(CultureInfo.InvariantCulture)]);

        var launch = new ProcessLaunch
        {
            FileName = pbt[0],
            Arguments = arguments,
            WorkingDirectory = Environment.CurrentDirectory,
            Environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
                .ToDictionary(static e => (string)e.Key, static e => (string?)e.Value ?? string.Empty, StringComparer.Ordinal),
            StandardOutputPath = log,
            StandardErrorPath = log,
        };
        return ChildProcess.Start(launch, time) switch
        {
            ProcessStart.Started started => new LocalWorker(started.Child, log),
            ProcessStart.NotStarted refused => throw new InvalidRequestException($"the worker could not be started: {refused.Reason}"),
            _ => throw new NotSupportedException(),
        };
    }

    /// <summary>Asks it to stop: it claims nothing more, and ends its trainers after the grace.</summary>
    public void Stop()
    {
        if (Interlocked.Increment(ref _stops) == 1)
            _ = _child.EndAsync(StopPatience, _kill.Token);
    }

    /// <summary>Ends it and its trainers at once.</summary>
    public void Kill()
    {
        _kill.Cancel();
        Stop();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Kill();
        await Completion;
        _kill.Dispose();
    }
}

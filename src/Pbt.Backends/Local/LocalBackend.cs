using System.Collections;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Storage.FileSystem;

namespace Pbt.Backends.Local;

/// <summary>Starts one worker process on this machine.</summary>
/// <remarks>
/// The worker is a process of its own, so that the command that started it may die without taking decisions with it; and
/// it ends itself and its trainers as soon as that command is gone.
/// </remarks>
/// <param name="pbt">The program and first arguments that run pbt, such as <c>dotnet pbt.dll</c>.</param>
/// <param name="time">Measures graces.</param>
public sealed class LocalBackend(IReadOnlyList<string> pbt, TimeProvider time) : IBackend
{
    /// <inheritdoc/>
    public ValueTask<IWorkerGroup> StartAsync(WorkerRequest request, CancellationToken cancellationToken)
    {
        StudyTree.Make(request.Study, request.Study.Logs);
        var log = Path.Combine(request.Study.Logs, "worker.log");
        UntrustedFile.Clear(log);
        var self = ProcessIdentity.Current;
        List<string> arguments =
        [
            .. pbt.Skip(1),
            "worker",
            request.Study.Root,
            "--parent",
            string.Create(CultureInfo.InvariantCulture, $"{self.Pid}:{self.StartTicks}"),
        ];
        if (request.Slots is { } slots)
            arguments.AddRange(["--slots", slots.ToString(CultureInfo.InvariantCulture)]);

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
            ProcessStart.Started started => ValueTask.FromResult<IWorkerGroup>(new LocalWorker(started.Child, log)),
            ProcessStart.NotStarted refused => throw new InvalidRequestException($"the worker could not be started: {refused.Reason}"),
            _ => throw new NotSupportedException(),
        };
    }
}

using System.Globalization;
using System.Text;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;
using Pbt.Storage.FileSystem;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>The process of a resident trainer, and what it prints.</summary>
internal sealed class TrainerProcess
{
    // Of what is printed during one attempt, the last so many bytes are copied.
    private const int MaxCopied = 1024 * 1024;

    private readonly ChildProcess _child;
    private readonly TrainerGuard? _guard;
    private readonly string _log;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private long _copied;

    private TrainerProcess(ChildProcess child, TrainerGuard? guard, string log, TimeProvider time)
    {
        (_child, _guard, _log, _time) = (child, guard, log, time);
        guard?.Register(child.Pid);
    }

    /// <summary>The last lines that it printed, or null.</summary>
    public string? LogTail => Storage.Logs.LogTail.Shown(_log);

    /// <summary>Starts one.</summary>
    /// <param name="context">The attempt that it is started for.</param>
    /// <param name="socket">Where it is to connect to.</param>
    /// <param name="guard">Ends it if the worker dies; null where there is none.</param>
    /// <param name="time">Times its end.</param>
    /// <param name="refusal">Why it could not be started.</param>
    /// <exception cref="IOException">Its log could not be made.</exception>
    public static TrainerProcess? TryStart(AttemptContext context, string socket, TrainerGuard? guard, TimeProvider time, out string? refusal)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(context.TrainerLogPath)!);
        UntrustedFile.Clear(context.TrainerLogPath);
        var trainer = (ProgramTrainerSpec)context.Spec.Trainer;
        var constants = new Dictionary<string, string>(StringComparer.Ordinal);
        var arguments = Placeholders.Fill(trainer.Command, constants);
        var environment = AttemptVariables.TrainerEnvironmentOf(context, InheritedEnvironment.Read(), constants);
        environment[SessionSocket.Variable] = socket;
        if (guard is not null)
            environment[guard.Mark.Name] = guard.Mark.Value;

        var launch = new ProcessLaunch
        {
            FileName = arguments[0],
            Arguments = [.. arguments.Skip(1)],
            WorkingDirectory = trainer.WorkingDirectory,
            Environment = environment,
            StandardOutputPath = context.TrainerLogPath,
            StandardErrorPath = context.TrainerLogPath,
        };
        switch (ChildProcess.Start(launch, time))
        {
            case ProcessStart.Started started:
                refusal = null;
                return new TrainerProcess(started.Child, guard, context.TrainerLogPath, time);
            case ProcessStart.NotStarted refused:
                refusal = refused.Reason;
                return null;
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>Completes when it has ended.</summary>
    /// <exception cref="OperationCanceledException">The waiting was cancelled.</exception>
    public Task<ExitStatus> WaitAsync(CancellationToken cancellationToken) => _child.WaitAsync(cancellationToken);

    /// <summary>Whether it ends by itself in time.</summary>
    public async Task<bool> EndsByItselfAsync(TimeSpan patience, CancellationToken kill)
    {
        try
        {
            await _child.WaitAsync(kill).WaitAsync(patience, _time, kill);
            return true;
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>Ends it, if it has not ended, with all that it started.</summary>
    /// <param name="kill">Ends it at once.</param>
    public async Task<ExitStatus> EndAsync(CancellationToken kill)
    {
        var status = await _child.EndAsync(AttemptProgram.TerminationGrace, kill);
        _guard?.Unregister(_child.Pid);
        return status;
    }

    /// <summary>Puts what it has printed since the last copy into the log of an attempt.</summary>
    /// <param name="path">The attempt's log.</param>
    /// <param name="isShared">Whether other attempts ran meanwhile: then only where it stands is said.</param>
    public void CopyLog(string path, bool isShared)
    {
        lock (_gate)
        {
            try
            {
                using var log = UntrustedFile.TryOpen(_log, out _);
                if (log is null || RandomAccess.GetLength(log) is var length && length <= _copied)
                    return;

                var from = Math.Max(_copied, length - MaxCopied);
                var text = isShared
                    ? Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"pbt: printed by all attempts of this trainer together: {_log}, from byte {_copied}\n"))
                    : UntrustedFile.Read(log, from, (int)(length - from));
                Append(path, text);
                _copied = length;
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException)
            {
                // It is all in the trainer's own log.
            }
        }
    }

    /// <summary>Puts a line into the log of an attempt.</summary>
    public static void AddNote(string? note, string path)
    {
        if (note is null)
            return;

        try
        {
            Append(path, Encoding.UTF8.GetBytes(note + "\n"));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A note is worth no failure.
        }
    }

    private static void Append(string path, byte[] text)
    {
        UntrustedFile.Clear(path);
        using var file = UntrustedFile.OpenToWrite(path, append: true);
        RandomAccess.Write(file, text, RandomAccess.GetLength(file));
    }
}

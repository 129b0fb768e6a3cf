using Pbt.Core.Hooks;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;
using Pbt.Storage;

namespace Pbt.Runtime.Hooks;

/// <summary>Runs a hook as a process of its own.</summary>
/// <remarks>
/// It leads a session of its own and is registered with a guard, so that it does not outlive this process. Its standard input is
/// a file that has no name any more: a hook that does not read it holds nobody up. Used by one caller at a time.
/// </remarks>
internal sealed class HookProgram(StudyDirectory directory, TrainerGuard guard, TimeProvider time)
{
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan OutputPatience = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it to its end, or to the end of its time; what it does wrong is part of the outcome, never an exception.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, and has been ended with all that it started.</exception>
    /// <exception cref="IOException">The machinery failed, not the hook.</exception>
    public async Task<HookOutcome> RunAsync(HookCall call, StudySpec spec, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        using var input = Input(call.Json.Span);
        using var output = new HookOutput();
        var streams = new ChildStreams((int)input.SafeFileHandle.DangerousGetHandle(), output.Descriptor);
        switch (ChildProcess.Start(Launch(call, spec), time, streams))
        {
            case ProcessStart.Started(var child):
                var reading = output.ReadAsync();
                var trouble = await WaitAsync(child, spec.Hooks.Timeout, cancellationToken);
                output.StopAfter(OutputPatience);
                await reading;
                return new(trouble, output.Kept, output.Printed, time.GetElapsedTime(began));
            case ProcessStart.NotStarted(var reason):
                return new($"could not be started: {reason}", ReadOnlyMemory<byte>.Empty, Printed: 0, time.GetElapsedTime(began));
            default:
                throw new NotSupportedException();
        }
    }

    /// <summary>Where hooks run: where the trainer does.</summary>
    public static string WorkingDirectoryOf(StudySpec spec) => spec.Trainer is ProgramTrainerSpec trainer ? trainer.WorkingDirectory : Environment.CurrentDirectory;

    /// <summary>A file to read from its beginning, which only descriptors lead to.</summary>
    private static FileStream Input(ReadOnlySpan<byte> content)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;

        var file = new FileStream(Path.Combine(Path.GetTempPath(), $"pbt-{Path.GetRandomFileName()}"), options);
        try
        {
            File.Delete(file.Name);
            RandomAccess.Write(file.SafeFileHandle, content, fileOffset: 0);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private ProcessLaunch Launch(HookCall call, StudySpec spec)
    {
        var arguments = Placeholders.Fill(spec.Hooks.Commands[call.Kind], call.Values);
        var environment = InheritedEnvironment.Read();
        environment["PBT_STUDY"] = directory.Root;
        environment["PBT_EVENT"] = call.Values["kind"];
        environment[guard.Mark.Name] = guard.Mark.Value;
        return new ProcessLaunch
        {
            FileName = arguments[0],
            Arguments = [.. arguments.Skip(1)],
            WorkingDirectory = WorkingDirectoryOf(spec),
            Environment = environment,
            StandardOutputPath = "/dev/null",
            StandardErrorPath = "/dev/null",
        };
    }

    /// <summary>Waits for its end; null if it ended well.</summary>
    private async Task<string?> WaitAsync(ChildProcess child, TimeSpan timeout, CancellationToken cancellationToken)
    {
        guard.Register(child.Pid);
        try
        {
            var status = await child.WaitAsync(cancellationToken).WaitAsync(timeout, time, cancellationToken);
            child.EndLeftovers();
            return status.Succeeded ? null : $"ended with {status}";
        }
        catch (TimeoutException)
        {
            await child.EndAsync(TerminationGrace, cancellationToken);
            return $"took longer than hook_timeout ({timeout.TotalSeconds} s) and was ended";
        }
        catch (OperationCanceledException)
        {
            await child.EndAsync(TerminationGrace, CancellationToken.None);
            throw;
        }
        finally
        {
            guard.Unregister(child.Pid);
        }
    }
}

using System.Globalization;
using System.Text;
using Pbt.Runtime.Processes;
using Pbt.Storage.FileSystem;

namespace Pbt.Backends.Jobs;

/// <summary>Runs programs as processes of their own, each for so long, and reads so much of what they print.</summary>
/// <remarks>
/// Thread-safe. They print into files, not into pipes: a scheduler that a program starts in the background would hold a pipe
/// open for ever. Nothing that such a program leaves behind is ended, unless it is cut off.
/// </remarks>
/// <param name="workingDirectory">Where they run.</param>
/// <param name="timeout">How long each may take.</param>
/// <param name="key">The spec's key that says so; null if there is none.</param>
/// <param name="environment">Whether a variable of this process is passed on.</param>
/// <param name="time">The clock.</param>
public sealed class ProgramRunner(string workingDirectory, TimeSpan timeout, string? key, Func<string, bool> environment, TimeProvider time) : IProgramRunner
{
    private const int MostBytes = 4 << 20;
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LeavingGrace = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public async Task<ProgramRun> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        var scratch = Directory.CreateTempSubdirectory("pbt-program-").FullName;
        try
        {
            var (output, error) = (Path.Combine(scratch, "out"), Path.Combine(scratch, "error"));
            var launch = new ProcessLaunch
            {
                FileName = command[0],
                Arguments = [.. command.Skip(1)],
                WorkingDirectory = workingDirectory,
                Environment = InheritedEnvironment.Read().Where(variable => environment(variable.Key)).ToDictionary(StringComparer.Ordinal),
                StandardOutputPath = output,
                StandardErrorPath = error,
            };
            return ChildProcess.Start(launch, time) switch
            {
                ProcessStart.Started started => await FollowAsync(started.Child, output, error, cancellationToken),
                ProcessStart.NotStarted refused => new(string.Empty, string.Empty, $"could not be started: {refused.Reason}", ProgramOutcome.NotStarted),
                _ => throw new NotSupportedException(),
            };
        }
        finally
        {
            StudyTree.Delete(scratch);
        }
    }

    private async Task<ProgramRun> FollowAsync(ChildProcess child, string output, string error, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var ended = child.WaitAsync(CancellationToken.None);
        long? left = null;
        string? cut = null;
        while (!ended.IsCompleted && cut is null)
        {
            await Task.WhenAny(ended, Task.Delay(LookPeriod, time, CancellationToken.None));
            if (cancellationToken.IsCancellationRequested)
                left ??= time.GetTimestamp();

            if (Length(output) + Length(error) > MostBytes)
                cut = $"printed more than {MostBytes >> 20} MiB and was ended";
            else if (time.GetElapsedTime(began) > timeout)
                cut = string.Create(CultureInfo.InvariantCulture, $"took longer than {timeout.TotalSeconds} s{(key is null ? string.Empty : $" ({key})")} and was ended");
            else if (left is { } since && time.GetElapsedTime(since) > LeavingGrace)
                cut = "was ended, as pbt was asked to leave";
        }

        if (cut is not null && !ended.IsCompleted)
        {
            await child.EndAsync(TerminationGrace, CancellationToken.None);
            return new(Read(output), Read(error), cut, ProgramOutcome.Cut);
        }

        var status = await ended;
        return new(Read(output), Read(error), status.Succeeded ? null : $"ended with {status}", ProgramOutcome.Ended);
    }

    private static long Length(string path) => new FileInfo(path) is { Exists: true, Length: var length } ? length : 0;

    private static string Read(string path)
    {
        using var file = UntrustedFile.TryOpen(path, out _);
        return file is null ? string.Empty : Encoding.UTF8.GetString(UntrustedFile.Read(file, offset: 0, MostBytes));
    }
}

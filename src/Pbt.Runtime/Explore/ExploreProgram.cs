using Pbt.Core.Explore.Programs;
using Pbt.Core.Studies;
using Pbt.Core.Wording;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;
using Pbt.Storage;
using Pbt.Storage.FileSystem;
using Pbt.Storage.Logs;

namespace Pbt.Runtime.Explore;

/// <summary>Runs the explore program of a study as a process of its own.</summary>
/// <remarks>
/// It reads the request from the file in <c>PBT_POPULATION</c> and answers in the file in <c>PBT_RESULT</c>, or in the last line
/// of its output that is a JSON object. What it prints is in <c>logs/explore.log</c>. Used by one proposal at a time.
/// </remarks>
internal sealed class ExploreProgram(StudyDirectory directory, TrainerGuard? guard, TimeProvider time) : IExploreProgram
{
    private const int MaxAnswer = 1 << 20;
    private const string PopulationFile = "population.json";
    private static readonly TimeSpan TerminationGrace = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public async Task<ProgramAnswer> AskAsync(CommandExplore program, ExploreRequest request, CancellationToken cancellationToken)
    {
        var scratch = Path.Combine(directory.Attempts, $"explore-{request.Digest[..16]}");
        StudyTree.Require(directory, directory.Attempts);
        StudyTree.Delete(scratch);
        Directory.CreateDirectory(scratch);
        try
        {
            var population = Path.Combine(scratch, PopulationFile);
            await File.WriteAllBytesAsync(population, request.Json, cancellationToken);
            return await RunAsync(program, population, Path.Combine(scratch, AttemptVariables.ResultFile), cancellationToken);
        }
        finally
        {
            StudyTree.Delete(scratch);
        }
    }

    private async Task<ProgramAnswer> RunAsync(CommandExplore program, string population, string result, CancellationToken cancellationToken)
    {
        var log = Path.Combine(directory.Logs, "explore.log");
        StudyTree.Make(directory, directory.Logs);
        UntrustedFile.Clear(log);
        switch (ChildProcess.Start(Launch(program, population, result, log), time))
        {
            case ProcessStart.Started started:
                return await WaitAsync(program, started.Child, cancellationToken) is { } failure
                    ? new(Text: null, failure + Tail(log))
                    : Read(result, log);
            case ProcessStart.NotStarted refused:
                return new(Text: null, $"could not be started: {refused.Reason}");
            default:
                throw new NotSupportedException();
        }
    }

    private ProcessLaunch Launch(CommandExplore program, string population, string result, string log)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal) { ["population"] = population, ["result"] = result };
        var arguments = Placeholders.Fill(program.Command, values);
        var environment = InheritedEnvironment.Read();
        environment["PBT_POPULATION"] = population;
        environment["PBT_RESULT"] = result;
        if (guard is not null)
            environment[guard.Mark.Name] = guard.Mark.Value;

        return new ProcessLaunch
        {
            FileName = arguments[0],
            Arguments = [.. arguments.Skip(1)],
            WorkingDirectory = program.WorkingDirectory,
            Environment = environment,
            StandardOutputPath = log,
            StandardErrorPath = log,
        };
    }

    /// <summary>Waits for its end; null if it ended well.</summary>
    private async Task<string?> WaitAsync(CommandExplore program, ChildProcess child, CancellationToken cancellationToken)
    {
        guard?.Register(child.Pid);
        try
        {
            var status = await child.WaitAsync(cancellationToken).WaitAsync(program.Timeout, time, cancellationToken);
            child.EndLeftovers();
            return status.Succeeded ? null : $"ended with {status}";
        }
        catch (TimeoutException)
        {
            await child.EndAsync(TerminationGrace, cancellationToken);
            return $"took longer than its timeout of {Words.Exactly(program.Timeout)}";
        }
        catch (OperationCanceledException)
        {
            await child.EndAsync(TerminationGrace, CancellationToken.None);
            throw;
        }
        finally
        {
            guard?.Unregister(child.Pid);
        }
    }

    private static ProgramAnswer Read(string result, string log)
    {
        using var file = UntrustedFile.TryOpen(result, out var kind);
        if (file is not null)
        {
            return RandomAccess.GetLength(file) > MaxAnswer
                ? new(Text: null, $"wrote a result of more than {MaxAnswer} bytes")
                : new(System.Text.Encoding.UTF8.GetString(UntrustedFile.Read(file, offset: 0, MaxAnswer)), Failure: null);
        }

        if (kind != FileKind.Missing)
            return new(Text: null, $"put {FileKinds.Describe(kind)} at $PBT_RESULT; write a regular file there");

        foreach (var line in LogTail.Lines(log).Split('\n').Reverse())
        {
            var text = line.Trim();
            if (text.StartsWith('{') && text.EndsWith('}'))
                return new(text, Failure: null);
        }

        return new(Text: null, "gave no answer: it wrote no file to the path in $PBT_RESULT and printed no JSON object on a line of its own" + Tail(log));
    }

    private static string Tail(string log) => LogTail.Shown(log) is { } tail ? $"; its last lines: {tail}" : string.Empty;
}

using System.Globalization;
using Pbt.Cli.Output;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Studies;
using Pbt.Storage.Logs;

namespace Pbt.Cli.Sweeps;

/// <summary>Runs one study of a sweep by a <c>pbt run</c> of its own, whose end ends nothing else.</summary>
/// <remarks>The process ends as soon as this one is gone, as a worker does.</remarks>
/// <param name="services">The world.</param>
/// <param name="run">What is run.</param>
/// <param name="more">Further arguments of <c>pbt run</c>.</param>
internal sealed class StudyProcess(CliServices services, SweepRun run, IReadOnlyList<string> more)
{
    // Longer than any grace that a study gives its trainers by itself: it is ended only if it hangs.
    private static readonly TimeSpan StopPatience = TimeSpan.FromHours(1);
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Runs it until it ends or is asked to stop, and says how it stands then.</summary>
    /// <param name="share">What it may use of this machine.</param>
    /// <param name="board">Is told how it goes.</param>
    /// <param name="stop">Asks it to stop in order.</param>
    /// <param name="kill">Ends it at once.</param>
    public async Task<RunState> RunAsync(MachineShare share, SweepBoard board, CancellationToken stop, CancellationToken kill)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(run.Place.Root)!);
        await File.WriteAllTextAsync(run.SpecPath, SpecFile.Write(run.Spec, "with this seed it is no valid spec").Text, CancellationToken.None);
        return ChildProcess.Start(Launch(share), services.Time) switch
        {
            ProcessStart.Started started => await WatchAsync(started.Child, board, stop, kill),
            ProcessStart.NotStarted refused => new RunState.Failed($"its process could not be started: {refused.Reason}"),
            _ => throw new NotSupportedException(),
        };
    }

    private async Task<RunState> WatchAsync(ChildProcess child, SweepBoard board, CancellationToken stop, CancellationToken kill)
    {
        board.Started(run);
        using var ended = new CancellationTokenSource();
        var following = FollowAsync(board, ended.Token);
        Task ending = Task.CompletedTask;
        ExitStatus status;
        await using (stop.Register(() => ending = child.EndAsync(StopPatience, kill)))
            status = await child.WaitAsync(CancellationToken.None);

        await ending;
        await ended.CancelAsync();
        await following;
        return await ConcludeAsync(status, stop.IsCancellationRequested);
    }

    private ProcessLaunch Launch(MachineShare share)
    {
        List<string> arguments = [.. services.SelfCommand.Skip(1), "run", run.SpecPath, "--dir", run.Place.Root, .. ParentWatch.Arguments, .. more];
        if (share.SlotsFor(run.Spec) is { } slots)
            arguments.AddRange(["--slots", slots.ToString(CultureInfo.InvariantCulture)]);

        var environment = InheritedEnvironment.Read();
        if (share.MaskFor(run.Spec) is { } mask)
            environment[GpuDetector.MaskVariable] = mask;

        return new ProcessLaunch
        {
            FileName = services.SelfCommand[0],
            Arguments = arguments,
            WorkingDirectory = Environment.CurrentDirectory,
            Environment = environment,
            StandardOutputPath = run.LogPath,
            StandardErrorPath = run.LogPath,
        };
    }

    private async Task FollowAsync(SweepBoard board, CancellationToken cancellationToken)
    {
        var view = board.ViewOf(run);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                if (run.Place.HasStudy)
                {
                    await using var study = await services.Open(run.Place.Root);
                    await new StudyFollower(services.Time).FollowAsync(study, view, cancellationToken);
                    return;
                }
            }
            catch (Exception failure) when (failure is PbtException or IOException or UnauthorizedAccessException)
            {
                // It is just being made, or it is damaged: then its own process ends and says so.
            }

            await Task.Delay(LookPeriod, services.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<RunState> ConcludeAsync(ExitStatus status, bool isStopping)
    {
        RunState? state = null;
        if (run.Place.HasStudy)
        {
            await using var study = await services.Open(run.Place.Root);
            var last = await study.Store.LoadAsync(CancellationToken.None);
            state = last.Exists ? SweepStandings.StateOf(last, run, services.Time.GetUtcNow()) : null;
        }

        if (state is not (null or RunState.Begun) || isStopping || status.Code == ExitCode.Interrupted)
            return state ?? new RunState.New();

        var tail = LogTail.Shown(run.LogPath) is { } lines ? $"; its log ends with:{Environment.NewLine}{lines}" : string.Empty;
        return new RunState.Failed($"its process ended with {status}{tail}");
    }
}

using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Workers;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt worker</c>: works on a study that exists.</summary>
internal static class WorkerCommand
{
    private static readonly TimeSpan ParentCheckPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = new Argument<string>("DIR") { Description = "The study's directory." };
        var slots = CommonOptions.Slots();
        var parent = new Option<string?>("--parent") { Description = "End when this process does.", Hidden = true };
        var umask = CommonOptions.FileModes();
        var command = new Command("worker", "Work on a study: claim intervals and train, until the study ends.") { directory, slots, umask, parent };
        return command.Does((result, _) => RunAsync(services, result.GetValue(directory)!, result.GetValue(slots), result.GetValue(umask), result.GetValue(parent)));
    }

    private static async Task<int> RunAsync(CliServices services, string directory, int? slots, string? umask, string? parent)
    {
        CommonOptions.Restrict(umask);
        await using var study = await services.Open(directory);
        CommonOptions.Remember(umask, study.Directory);
        var state = await StudyLoader.LoadAsync(study, CancellationToken.None);
        var options = Runners.OptionsFor(state.Spec, slots, services.Time);
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(services.Out, services.Time)));
        using var interruption = new Interruption();
        using var watching = new CancellationTokenSource();
        var watch = parent is null ? Task.CompletedTask : WatchParentAsync(parent, interruption, services.Time, watching.Token);

        var worker = new Worker(study, options, services.Time, logging.CreateLogger("worker"));
        var exit = await worker.RunAsync(interruption.Stop, interruption.Kill);
        await watching.CancelAsync();
        await watch;
        return exit == WorkerExit.StudyEnded ? ExitCode.Done : ExitCode.Interrupted;
    }

    /// <summary>Ends everything at once when the process that started this one is gone.</summary>
    private static async Task WatchParentAsync(string parent, Interruption interruption, TimeProvider time, CancellationToken cancellationToken)
    {
        var parts = parent.Split(':');
        if (parts.Length != 2 ||
            !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid) ||
            !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var started))
        {
            throw new InvalidRequestException($"--parent is '{parent}'; it must be PID:START");
        }

        var identity = ProcessIdentity.Current with { Pid = pid, StartTicks = started };
        using var timer = new PeriodicTimer(ParentCheckPeriod, time);
        try
        {
            while (identity.IsAlive())
                await timer.WaitForNextTickAsync(cancellationToken);

            interruption.KillNow();
        }
        catch (OperationCanceledException)
        {
            // The worker ended first.
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Workers;
using Pbt.Storage.Postgres;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt worker</c>: works on a study that exists.</summary>
internal static class WorkerCommand
{
    private static readonly TimeSpan ParentCheckPeriod = TimeSpan.FromMilliseconds(250);

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = new Argument<string>("DIR") { Description = "The study's directory." };
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var parent = new Option<string?>("--parent") { Description = "End when this process does.", Hidden = true };
        var umask = CommonOptions.FileModes();
        var command = new Command("worker", "Work on a study: claim intervals and train, until the study ends.") { directory, store, slots, umask, parent };
        return command.Does((result, _) => RunAsync(
            services, result.GetValue(directory)!, result.GetValue(store), result.GetValue(slots), result.GetValue(umask), result.GetValue(parent)));
    }

    private static async Task<int> RunAsync(CliServices services, string directory, string? store, int? slots, string? umask, string? parent)
    {
        CommonOptions.Restrict(umask);
        using var interruption = new Interruption();
        using var watching = new CancellationTokenSource();
        var watch = parent is null ? Task.CompletedTask : WatchParentAsync(parent, interruption, services.Time, watching.Token);
        await using var study = await OpenAsync(services, directory, store, interruption.Stop);
        CommonOptions.Remember(umask, study.Directory);
        var state = await new Patience(services.Error, services.Time).ReadAsync(() => StudyLoader.LoadAsync(study, interruption.Stop), interruption.Stop);
        await StudyCheckpoints.RequireAsync(state.Spec, services.Time, interruption.Stop);
        var options = Runners.OptionsFor(state.Spec, slots, services.Time);
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(services.Out, services.Time)));
        var worker = new Worker(study, options, services.Time, logging.CreateLogger("worker"));
        var exit = await worker.RunAsync(interruption.Stop, interruption.Kill);
        await watching.CancelAsync();
        await watch;
        return exit == WorkerExit.StudyEnded ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static Task<OpenStudy> OpenAsync(CliServices services, string directory, string? store, CancellationToken stop)
    {
        if (store is null)
            return new Patience(services.Error, services.Time).ReadAsync(() => services.Open(directory), stop);

        var address = PostgresAddress.Parse(store);
        if (address.Study is null)
            throw new InvalidRequestException($"--store {address} names no study; add ?study=NAME");

        return new Patience(services.Error, services.Time).ReadAsync(() => services.Attach(directory, address), stop);
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

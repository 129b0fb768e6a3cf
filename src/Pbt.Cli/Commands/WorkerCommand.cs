using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Pbt.Cli.Telemetry;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Workers;
using Pbt.Storage.Postgres;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt worker</c>: works on a study that exists.</summary>
internal static class WorkerCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var parent = ParentWatch.Option();
        var grace = new Option<double?>("--grace")
        {
            Description = "The longest that trainers may go on once it is asked to stop, by SIGINT, SIGTERM or SIGUSR1; by default trainer.grace.",
            HelpName = "SECONDS",
        };
        var umask = CommonOptions.FileModes();
        var command = new Command("worker", "Work on a study: claim intervals and train, until the study ends.") { directory, store, slots, grace, umask, parent };
        return command.Does((result, _) => RunAsync(services, new Request(
            result.GetValue(directory)!, result.GetValue(store), result.GetValue(slots), GraceOf(result.GetValue(grace)), result.GetValue(umask), result.GetValue(parent))));
    }

    /// <summary>What the command line asks for.</summary>
    private sealed record Request(string Directory, string? Store, int? Slots, TimeSpan? Grace, string? Umask, string? Parent);

    private static TimeSpan? GraceOf(double? seconds) => seconds switch
    {
        null => null,
        >= 0 and <= 1e6 => TimeSpan.FromSeconds(seconds.Value),
        _ => throw new InvalidRequestException(string.Create(CultureInfo.InvariantCulture, $"--grace is {seconds}; it is a number of seconds, 0 or above")),
    };

    private static async Task<int> RunAsync(CliServices services, Request request)
    {
        CommonOptions.Restrict(request.Umask);
        using var interruption = new Interruption(isToldAhead: true);
        await using var watch = ParentWatch.Start(request.Parent, interruption, services.Time);
        using var telemetry = TelemetryExport.Start();
        await using var study = await OpenAsync(services, request.Directory, request.Store, interruption.Stop);
        CommonOptions.Remember(request.Umask, study.Directory);
        var state = await new Patience(services.Error, services.Time).ReadAsync(() => StudyLoader.LoadAsync(study, interruption.Stop), interruption.Stop);
        await StudyCheckpoints.RequireAsync(state.Spec, services.Time, interruption.Stop);
        var completed = state.CompletedIntervals;
        var options = Runners.OptionsFor(state.Spec, request.Slots, services.Time) with { LongestGrace = request.Grace };
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(services.Out, services.Time)));
        var worker = new Worker(telemetry?.Measure(study, services.Time) ?? study, options, services.Time, logging.CreateLogger("worker"));
        var exit = await worker.RunAsync(interruption.Stop, interruption.Kill);
        if (exit == WorkerExit.StudyEnded)
            return ExitCode.Done;

        return await HasCompletedMoreAsync(study, completed) ? ExitCode.Interrupted : ExitCode.InterruptedInVain;
    }

    /// <summary>Whether the study has completed an interval since; where it cannot be asked, it may have.</summary>
    private static async Task<bool> HasCompletedMoreAsync(OpenStudy study, long than)
    {
        try
        {
            return (await study.Store.LoadAsync(CancellationToken.None)).CompletedIntervals > than;
        }
        catch (Exception error) when (error is TransientStoreException or IOException)
        {
            return true;
        }
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
}

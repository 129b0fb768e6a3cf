using System.CommandLine;
using Microsoft.Extensions.Logging;
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
        var directory = new Argument<string>("DIR") { Description = "The study's directory." };
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var parent = ParentWatch.Option();
        var umask = CommonOptions.FileModes();
        var command = new Command("worker", "Work on a study: claim intervals and train, until the study ends.") { directory, store, slots, umask, parent };
        return command.Does((result, _) => RunAsync(
            services, result.GetValue(directory)!, result.GetValue(store), result.GetValue(slots), result.GetValue(umask), result.GetValue(parent)));
    }

    private static async Task<int> RunAsync(CliServices services, string directory, string? store, int? slots, string? umask, string? parent)
    {
        CommonOptions.Restrict(umask);
        using var interruption = new Interruption();
        await using var watch = ParentWatch.Start(parent, interruption, services.Time);
        await using var study = await OpenAsync(services, directory, store, interruption.Stop);
        CommonOptions.Remember(umask, study.Directory);
        var state = await new Patience(services.Error, services.Time).ReadAsync(() => StudyLoader.LoadAsync(study, interruption.Stop), interruption.Stop);
        var options = Runners.OptionsFor(state.Spec, slots, services.Time);
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(services.Out, services.Time)));
        var worker = new Worker(study, options, services.Time, logging.CreateLogger("worker"));
        var exit = await worker.RunAsync(interruption.Stop, interruption.Kill);
        return exit == WorkerExit.StudyEnded ? ExitCode.Done : ExitCode.Interrupted;
    }

    private static Task<OpenStudy> OpenAsync(CliServices services, string directory, string? store, CancellationToken stop)
    {
        if (store is null)
            return services.Open(directory);

        var address = PostgresAddress.Parse(store);
        if (address.Study is null)
            throw new InvalidRequestException($"--store {address} names no study; add ?study=NAME");

        return new Patience(services.Error, services.Time).ReadAsync(() => services.Attach(directory, address), stop);
    }
}

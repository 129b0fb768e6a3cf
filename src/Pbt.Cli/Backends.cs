using System.Globalization;
using Pbt.Backends;
using Pbt.Backends.Jobs;
using Pbt.Backends.Local;
using Pbt.Backends.Slurm;
using Pbt.Backends.Submit;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.Postgres;

namespace Pbt.Cli;

/// <summary>Turns what a spec says about its workers into what starts them.</summary>
internal static class Backends
{
    /// <summary>The backend of a study.</summary>
    /// <param name="services">The world.</param>
    /// <param name="spec">The study's spec.</param>
    /// <param name="study">Its directory.</param>
    /// <param name="store">The database that its events are to be in; null for what the directory says.</param>
    public static IBackend For(CliServices services, StudySpec spec, StudyDirectory study, PostgresAddress? store = null) => spec.Backend switch
    {
        JobBackendSpec jobs => new JobBackend(QueueFor(services, spec, jobs, study, store), jobs, services.Time),
        _ => new LocalBackend(services.SelfCommand, services.Time),
    };

    /// <summary>The scheduler that a study's workers are jobs of.</summary>
    public static IJobQueue QueueFor(CliServices services, StudySpec spec, JobBackendSpec backend, StudyDirectory study, PostgresAddress? store = null) => backend switch
    {
        SubmitBackendSpec or NgcBackendSpec => SubmitQueues.For(
            backend, spec, study, store ?? PostgresAddress.In(study), services.SelfCommand, said => services.Error.WriteLine($"pbt: {said}"), services.Time),
        SlurmBackendSpec slurm => new SlurmQueue(slurm, study, JobName.Of(spec.Name, study.Root), WorkerOf(services, slurm, study), services.Time),
        _ => throw new NotSupportedException(),
    };

    /// <summary>The command of a worker that is a job of Slurm, and told half of <c>signal_ahead</c> before it has to be done.</summary>
    private static IReadOnlyList<string> WorkerOf(CliServices services, SlurmBackendSpec slurm, StudyDirectory study) =>
    [
        .. slurm.Pbt is { } pbt ? [pbt] : services.SelfCommand,
        "worker",
        study.Root,
        "--slots",
        slurm.SlotsPerWorker.ToString(CultureInfo.InvariantCulture),
        "--grace",
        (slurm.SignalAhead.TotalSeconds / 2).ToString("0.###", CultureInfo.InvariantCulture),
    ];
}

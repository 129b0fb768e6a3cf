using System.Globalization;
using Pbt.Backends;
using Pbt.Backends.Jobs;
using Pbt.Backends.Local;
using Pbt.Backends.Slurm;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Cli;

/// <summary>Turns what a spec says about its workers into what starts them.</summary>
internal static class Backends
{
    /// <summary>The backend of a study.</summary>
    public static IBackend For(CliServices services, StudySpec spec, StudyDirectory study) => spec.Backend switch
    {
        JobBackendSpec jobs => new JobBackend(QueueFor(services, spec, jobs, study), jobs, services.Time),
        _ => new LocalBackend(services.SelfCommand, services.Time),
    };

    /// <summary>The scheduler that a study's workers are jobs of.</summary>
    public static IJobQueue QueueFor(CliServices services, StudySpec spec, JobBackendSpec backend, StudyDirectory study) => backend switch
    {
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

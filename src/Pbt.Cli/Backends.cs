using Pbt.Backends;
using Pbt.Backends.Jobs;
using Pbt.Backends.Local;
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
    public static IJobQueue QueueFor(CliServices services, StudySpec spec, JobBackendSpec backend, StudyDirectory study) =>
        throw new NotSupportedException($"{backend.Kind} {services.SelfCommand.Count} {spec.Name} {study.Root}");
}

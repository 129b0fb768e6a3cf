using System.Globalization;
using Pbt.Backends.Jobs;
using Pbt.Core.Studies;
using Pbt.Storage;
using Pbt.Storage.Postgres;

namespace Pbt.Backends.Submit;

/// <summary>Makes the queues of schedulers that are reached by other programs.</summary>
public static class SubmitQueues
{
    /// <summary>The program <c>pbt</c> in a container.</summary>
    private static readonly string[] InContainer = ["pbt"];

    /// <summary>The queue of a study.</summary>
    /// <param name="backend">A <see cref="SubmitBackendSpec"/> or an <see cref="NgcBackendSpec"/>.</param>
    /// <param name="spec">The study's spec.</param>
    /// <param name="study">Its directory here.</param>
    /// <param name="store">The database that its events are in, or null.</param>
    /// <param name="pbt">The program and first arguments that run pbt here.</param>
    /// <param name="say">Tells the user something in one line.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">Workers could not take part in the study, or a template is none.</exception>
    public static IJobQueue For(
        JobBackendSpec backend, StudySpec spec, StudyDirectory study, PostgresAddress? store, IReadOnlyList<string> pbt, Action<string> say, TimeProvider time)
    {
        var templates = backend switch
        {
            SubmitBackendSpec submit => submit.Templates,
            NgcBackendSpec ngc => OfNgc(ngc, store is not null, spec.Checkpoints.Store is not null),
            _ => throw new NotSupportedException(),
        };
        var program = backend.Pbt is { } named ? [named] : backend is NgcBackendSpec ? InContainer : pbt;
        var directory = backend.Directory ?? study.Root;
        var commands = new JobCommands(
            templates, JobName.Of(spec.Name, study.Root), Worker(program, directory, store, backend.SlotsPerWorker), directory, backend.SlotsPerWorker);
        var programs = new ProgramRunner(templates.WorkingDirectory, templates.Timeout, "backend.timeout", static _ => true, time);
        return new SubmitQueue(commands, backend.Kind, study, programs, say, time);
    }

    private static List<string> Worker(IReadOnlyList<string> program, string directory, PostgresAddress? store, int slots)
    {
        List<string> worker = [.. program, "worker", directory];
        if (store is not null)
            worker.AddRange(["--store", store.ToString()]);

        worker.AddRange(["--slots", slots.ToString(CultureInfo.InvariantCulture)]);
        return worker;
    }

    private static JobTemplates OfNgc(NgcBackendSpec ngc, bool isInDatabase, bool hasCheckpointStore)
    {
        var templates = NgcPreset.Templates(ngc, ngc.Template is { } path ? TextOf(path) : null);
        return NgcPreset.Objection(ngc, templates.Submit, isInDatabase, hasCheckpointStore) is { } objection ? throw new InvalidRequestException(objection) : templates;
    }

    private static string TextOf(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new InvalidRequestException($"the job template {path} cannot be read: {failure.Message}", failure);
        }
    }
}

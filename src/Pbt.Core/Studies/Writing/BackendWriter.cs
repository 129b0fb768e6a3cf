using System.Text.Json;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes <c>backend</c>.</summary>
internal static class BackendWriter
{
    /// <summary>Writes what starts workers.</summary>
    public static void Write(Utf8JsonWriter json, BackendSpec backend)
    {
        json.WriteStartObject("backend");
        json.WriteString("kind", backend.Kind);
        if (backend is JobBackendSpec jobs)
            WriteJobs(json, jobs);

        json.WriteEndObject();
    }

    private static void WriteJobs(Utf8JsonWriter json, JobBackendSpec jobs)
    {
        json.WriteNumber("slots_per_worker", jobs.SlotsPerWorker);
        json.WriteNumber("replacements", jobs.Replacements);
        json.WriteOptional("poll", jobs.Poll);
        json.WriteOptional("pbt", jobs.Pbt);

        if (jobs.Directory is { } directory)
            json.WriteString("directory", directory);

        json.WriteOptional("at_once", jobs.AtOnce);
        switch (jobs)
        {
            case SlurmBackendSpec slurm:
                SlurmWriter.Write(json, slurm);
                break;
            case SubmitBackendSpec submit:
                SubmitWriter.Write(json, submit.Templates);
                break;
            case NgcBackendSpec ngc:
                SubmitWriter.Write(json, ngc);
                break;
            default:
                break;
        }
    }
}

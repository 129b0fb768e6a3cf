using System.Text.Json;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes the backends that submit by other programs.</summary>
internal static class SubmitWriter
{
    /// <summary>Writes <c>submit</c>.</summary>
    public static void Write(Utf8JsonWriter json, JobTemplates templates)
    {
        ProgramWriter.WriteCommand(json, templates.Submit, "submit");
        ProgramWriter.WriteCommand(json, templates.Status, "status");
        ProgramWriter.WriteCommand(json, templates.Cancel, "cancel");
        if (templates.JobId is { } jobId)
            WriteRule(json, "job_id", jobId);

        WriteRule(json, "state", templates.State);
        json.WriteStartObject("states");
        json.WriteTexts("waiting", templates.States.Waiting);
        json.WriteTexts("running", templates.States.Running);
        json.WriteTexts("completed", templates.States.Completed);
        json.WriteTexts("failed", templates.States.Failed);
        json.WriteEndObject();
        json.WriteOptional("gone", templates.Gone);
        json.WriteOptional("timeout", templates.Timeout);
        json.WriteString("working_directory", templates.WorkingDirectory);
    }

    /// <summary>Writes <c>ngc</c>.</summary>
    public static void Write(Utf8JsonWriter json, NgcBackendSpec ngc)
    {
        json.WriteOptional("timeout", ngc.Timeout);
        json.WriteString("working_directory", ngc.WorkingDirectory);
        json.WriteString("states_by", ngc.StatesBy);
        if (ngc.Template is { } template)
        {
            json.WriteString("template", template);
            return;
        }

        json.WriteString("name", ngc.Name);
        json.WriteOptional("org", ngc.Org);
        json.WriteOptional("team", ngc.Team);
        json.WriteOptional("ace", ngc.Ace);
        json.WriteOptional("instance", ngc.Instance);
        json.WriteOptional("image", ngc.Image);
        json.WriteTexts("workspaces", ngc.Workspaces);
        json.WriteOptional("result", ngc.Result);
        json.WriteTexts("datasets", ngc.Datasets);
        json.WriteOptional("priority", ngc.Priority);
        json.WriteOptional("preempt", ngc.Preempt);
        json.WriteOptional("total_runtime", ngc.TotalRuntime);
        json.WriteString("commandline", ngc.CommandLine);
        json.WriteTexts("arguments", ngc.Arguments);
    }

    private static void WriteRule(Utf8JsonWriter json, string key, OutputRule rule)
    {
        json.WriteStartObject(key);
        if (rule is PatternRule { Pattern: var pattern })
            json.WriteString("regex", pattern);
        else if (rule is JsonRule { Paths: var paths })
            json.WriteTexts("json", paths);

        json.WriteEndObject();
    }
}

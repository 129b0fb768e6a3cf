using System.Collections.Immutable;
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
        WriteWords(json, "waiting", templates.States.Waiting);
        WriteWords(json, "running", templates.States.Running);
        WriteWords(json, "completed", templates.States.Completed);
        WriteWords(json, "failed", templates.States.Failed);
        json.WriteEndObject();
        WriteText(json, "gone", templates.Gone);
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
        WriteText(json, "org", ngc.Org);
        WriteText(json, "team", ngc.Team);
        WriteText(json, "ace", ngc.Ace);
        WriteText(json, "instance", ngc.Instance);
        WriteText(json, "image", ngc.Image);
        WriteWords(json, "workspaces", ngc.Workspaces);
        WriteText(json, "result", ngc.Result);
        WriteWords(json, "datasets", ngc.Datasets);
        WriteText(json, "priority", ngc.Priority);
        WriteText(json, "preempt", ngc.Preempt);
        json.WriteOptional("total_runtime", ngc.TotalRuntime);
        json.WriteString("commandline", ngc.CommandLine);
        WriteWords(json, "arguments", ngc.Arguments);
    }

    private static void WriteRule(Utf8JsonWriter json, string key, OutputRule rule)
    {
        json.WriteStartObject(key);
        if (rule is PatternRule { Pattern: var pattern })
            json.WriteString("regex", pattern);
        else if (rule is JsonRule { Paths: var paths })
            WriteWords(json, "json", paths);

        json.WriteEndObject();
    }

    private static void WriteText(Utf8JsonWriter json, string key, string? text)
    {
        if (text is not null)
            json.WriteString(key, text);
    }

    private static void WriteWords(Utf8JsonWriter json, string key, ImmutableArray<string> words)
    {
        if (words.Length == 0)
            return;

        json.WriteStartArray(key);
        foreach (var word in words)
            json.WriteStringValue(word);

        json.WriteEndArray();
    }
}

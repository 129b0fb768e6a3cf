using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes <c>trainer</c> and <c>evaluate</c>.</summary>
internal static class ProgramWriter
{
    /// <summary>Writes <c>trainer</c>.</summary>
    public static void Trainer(Utf8JsonWriter json, TrainerSpec trainer)
    {
        json.WriteStartObject("trainer");
        switch (trainer)
        {
            case ProgramTrainerSpec program:
                json.WriteString("protocol", program is SessionTrainerSpec ? "session" : "command");
                WriteCommand(json, program.Command);
                json.WriteString("working_directory", program.WorkingDirectory);
                json.WriteStartObject("env");
                foreach (var (name, value) in program.Environment.OrderBy(static v => v.Key, StringComparer.Ordinal))
                    WriteVariable(json, name, value);
                json.WriteEndObject();
                break;
            case BuiltinTrainerSpec builtin:
                json.WriteString("builtin", builtin.Builtin);
                break;
            case InProcessTrainerSpec:
                json.WriteString("protocol", "in_process");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(trainer), trainer, "No text stands for this trainer.");
        }

        json.WriteOptional("timeout", trainer.Timeout);
        json.WriteNumber("max_attempts", trainer.MaxAttempts);
        json.WriteOptional("grace", trainer.Grace);
        if (trainer is CommandTrainerSpec { Score: var score })
        {
            WriteScore(json, score);
        }
        else if (trainer is SessionTrainerSpec session)
        {
            json.WriteOptional("start_timeout", session.StartTimeout);
            json.WriteOptional("silence", session.Silence);
        }

        json.WriteEndObject();
    }

    /// <summary>Writes <c>evaluate</c>.</summary>
    public static void Evaluate(Utf8JsonWriter json, EvaluateSpec evaluate)
    {
        json.WriteStartObject("evaluate");
        WriteCommand(json, evaluate.Command);
        json.WriteOptional("timeout", evaluate.Timeout);
        WriteScore(json, evaluate.Score);
        json.WriteEndObject();
    }

    private static void WriteVariable(Utf8JsonWriter json, string name, VariableValue value)
    {
        if (value is FromEnvironmentValue named)
        {
            json.WriteStartObject(name);
            json.WriteString("from_environment", named.Name);
            json.WriteEndObject();
        }
        else
        {
            json.WriteString(name, ((TextValue)value).Template);
        }
    }

    /// <summary>Writes a command line, by default as <c>command</c>.</summary>
    public static void WriteCommand(Utf8JsonWriter json, ImmutableArray<CommandArgument> command, string key = "command")
    {
        json.WriteStartArray(key);
        foreach (var argument in command)
        {
            if (argument.Droppable)
                json.WriteStartArray();
            foreach (var part in argument.Parts)
                json.WriteStringValue(part);
            if (argument.Droppable)
                json.WriteEndArray();
        }

        json.WriteEndArray();
    }

    private static void WriteScore(Utf8JsonWriter json, ScoreSource score)
    {
        json.WriteStartObject("score");
        if (score is RegexScore { Pattern: var pattern })
            json.WriteString("regex", pattern);
        else
            json.WriteString("from", Vocabulary.ScoreFrom.WordFor(score));
        json.WriteEndObject();
    }
}

using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Views;

/// <summary>Writes a study's spec as the page needs it.</summary>
internal static class SpecJson
{
    /// <summary>Writes the property <c>spec</c>.</summary>
    public static void Write(Utf8JsonWriter writer, StudyState state)
    {
        var spec = state.Spec;
        writer.WriteStartObject("spec");
        writer.WriteString("name", spec.Name);
        writer.WriteString("metric", spec.Objective.Metric);
        writer.WriteString("goal", Words.Lower(spec.Objective.Goal));
        writer.WriteBoolean("smooths", spec.Objective.Smoothing is not NoSmoothing);
        writer.WriteNumber("population", spec.Population);
        writer.WriteString("members", Words.Members(spec));
        writer.WriteString("mode", Words.Lower(spec.Mode));
        writer.WriteStartArray("space");
        foreach (var definition in spec.Hyperparameters.Definitions)
            WriteDefinition(writer, definition);

        writer.WriteEndArray();
        writer.WritePropertyName("canonical");
        writer.WriteRawValue(SpecWriter.ToJson(spec), skipInputValidation: true);
        writer.WriteEndObject();
    }

    private static void WriteDefinition(Utf8JsonWriter writer, Hyperparameter definition)
    {
        writer.WriteStartObject();
        writer.WriteString("name", definition.Name);
        writer.WriteString("words", Words.OneLine(definition.Describe()));
        switch (definition)
        {
            case FloatHyperparameter e:
                WriteRange(writer, e.Min, e.Max, e.Scale);
                break;
            case IntHyperparameter e:
                WriteRange(writer, e.Min, e.Max, e.Scale);
                break;
            case OrdinalHyperparameter e:
                WriteChoices(writer, e.Values);
                break;
            case CategoricalHyperparameter e:
                WriteChoices(writer, e.Values);
                break;
            default:
                WriteChoices(writer, [HyperparameterValue.Of(truth: false), HyperparameterValue.Of(truth: true)]);
                break;
        }

        writer.WriteEndObject();
    }

    private static void WriteRange(Utf8JsonWriter writer, double min, double max, Scale scale)
    {
        writer.WriteNumber("min", min);
        writer.WriteNumber("max", max);
        writer.WriteString("scale", scale switch
        {
            Scale.Log => "log",
            Scale.OneMinusLog => "one_minus_log",
            _ => "linear",
        });
    }

    private static void WriteChoices(Utf8JsonWriter writer, ImmutableArray<HyperparameterValue> values)
    {
        writer.WriteStartArray("choices");
        foreach (var value in values)
            HyperparametersJson.Write(writer, value);

        writer.WriteEndArray();
    }
}

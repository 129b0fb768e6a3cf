using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes <c>hyperparameters</c> and <c>initial</c>.</summary>
internal static class SpaceWriter
{
    /// <summary>Writes both sections.</summary>
    public static void Write(Utf8JsonWriter json, StudySpec spec)
    {
        json.WriteStartObject("hyperparameters");
        foreach (var definition in spec.Hyperparameters.Definitions)
        {
            json.WriteStartObject(definition.Name);
            WriteDefinition(json, definition);
            json.WriteEndObject();
        }

        json.WriteEndObject();

        json.WriteStartObject("initial");
        WriteInitial(json, spec.Initial);
        if (spec.Initial.Candidates is { } candidates)
        {
            json.WriteNumber("candidates", candidates);
            json.WriteNumber("candidate_intervals", spec.Initial.CandidateIntervals);
        }

        if (spec.InitialCheckpoint is { } checkpoint)
            json.WriteString("checkpoint", checkpoint);
        json.WriteEndObject();
    }

    /// <summary>Writes what defines a hyperparameter, into its object.</summary>
    public static void WriteDefinition(Utf8JsonWriter json, Hyperparameter definition)
    {
        switch (definition)
        {
            case FloatHyperparameter real:
                json.WriteString("type", "float");
                json.WriteFloat("min", real.Min);
                json.WriteFloat("max", real.Max);
                json.WriteString("scale", Vocabulary.Scale.WordFor(real.Scale));
                if (real.InitialPrior is FloatHyperparameter first)
                    WriteInitialRange(json, HyperparameterValue.Of(first.Min), HyperparameterValue.Of(first.Max));

                break;
            case IntHyperparameter integer:
                json.WriteString("type", "int");
                json.WriteNumber("min", integer.Min);
                json.WriteNumber("max", integer.Max);
                json.WriteString("scale", Vocabulary.Scale.WordFor(integer.Scale));
                if (integer.InitialPrior is IntHyperparameter firstInteger)
                    WriteInitialRange(json, HyperparameterValue.Of(firstInteger.Min), HyperparameterValue.Of(firstInteger.Max));

                break;
            case OrdinalHyperparameter ordinal:
                WriteValues(json, "ordinal", ordinal.Values);
                break;
            case CategoricalHyperparameter categorical:
                WriteValues(json, "categorical", categorical.Values);
                break;
            case BoolHyperparameter:
                json.WriteString("type", "bool");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(definition), definition, "No text stands for this type.");
        }

        if (definition.Default is { } standard)
        {
            json.WritePropertyName("default");
            json.WriteHyperparameterValue(standard);
        }
    }

    private static void WriteInitialRange(Utf8JsonWriter json, HyperparameterValue low, HyperparameterValue high)
    {
        json.WriteStartArray("initial_range");
        json.WriteHyperparameterValue(low);
        json.WriteHyperparameterValue(high);
        json.WriteEndArray();
    }

    private static void WriteValues(Utf8JsonWriter json, string type, ImmutableArray<HyperparameterValue> values)
    {
        json.WriteString("type", type);
        json.WriteStartArray("values");
        foreach (var value in values)
            json.WriteHyperparameterValue(value);
        json.WriteEndArray();
    }

    private static void WriteInitial(Utf8JsonWriter json, InitialSpec initial)
    {
        switch (initial)
        {
            case RandomInitial:
                json.WriteString("strategy", "random");
                break;
            case LatinHypercubeInitial:
                json.WriteString("strategy", "latin_hypercube");
                break;
            case SobolInitial:
                json.WriteString("strategy", "sobol");
                break;
            case MutateDefaultsInitial:
                json.WriteString("strategy", "mutate_defaults");
                break;
            case ExplicitInitial given:
                json.WriteString("strategy", "explicit");
                json.WriteStartArray("members");
                foreach (var member in given.Members)
                {
                    json.WriteStartObject();
                    foreach (var (name, value) in member)
                    {
                        json.WritePropertyName(name);
                        json.WriteHyperparameterValue(value);
                    }

                    json.WriteEndObject();
                }

                json.WriteEndArray();
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(initial), initial, "No text stands for this strategy.");
        }
    }
}

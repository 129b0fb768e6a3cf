using System.Globalization;
using System.Text.Json;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Explore.Programs;

/// <summary>Reads the hyperparameters that an explore program answers with.</summary>
/// <remarks>
/// A name that is left out keeps its value. A number outside its bounds is clamped, as every strategy's is; a value of the
/// wrong kind, one that is no choice, and an unknown name are objections.
/// </remarks>
internal static class ExploreAnswerReader
{
    private const string Example = "answer with a JSON object such as {\"learning_rate\": 0.001}";

    /// <summary>Reads the answer.</summary>
    public static ExploreAnswer Read(ExploreContext context, string answer)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? Read(context, document.RootElement)
                : Refuse($"answered with {Kind(document.RootElement)}; {Example}");
        }
        catch (JsonException error)
        {
            return Refuse($"answered with what is no JSON (line {error.LineNumber + 1}); {Example}");
        }
    }

    private static ExploreAnswer Read(ExploreContext context, JsonElement answer)
    {
        var given = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal);
        foreach (var property in answer.EnumerateObject())
        {
            if (context.Space.Find(property.Name) is not { } definition)
                return Refuse($"answered with '{property.Name}', which is no hyperparameter; there are {string.Join(", ", context.Space.Definitions.Select(static d => d.Name))}");

            if (Value(definition, property.Value) is not { } value)
                return Refuse($"answered with {property.Name} = {Shown(property.Value)}, which is not {definition.Describe()}");

            given[property.Name] = value;
        }

        return new(context.Space.Build((index, definition) => given.TryGetValue(definition.Name, out var value) ? value : context.From[index].Value), Objection: null);
    }

    private static HyperparameterValue? Value(Hyperparameter definition, JsonElement element)
    {
        switch (definition)
        {
            case FloatHyperparameter real when Number(element) is { } number:
                return HyperparameterValue.Of(Math.Clamp(number, real.Min, real.Max));
            case IntHyperparameter whole when Number(element) is { } number && number == Math.Floor(number):
                return HyperparameterValue.Of((long)Math.Clamp(number, whole.Min, whole.Max));
            case FloatHyperparameter or IntHyperparameter:
                return null;
            default:
                var candidates = Candidates(element);
                return candidates.Any(definition.Contains) ? candidates.First(definition.Contains) : null;
        }
    }

    private static HyperparameterValue[] Candidates(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => [HyperparameterValue.Of(element.GetString()!)],
        JsonValueKind.True => [HyperparameterValue.Of(true)],
        JsonValueKind.False => [HyperparameterValue.Of(false)],
        JsonValueKind.Number when element.TryGetInt64(out var whole) => [HyperparameterValue.Of(whole), HyperparameterValue.Of((double)whole)],
        JsonValueKind.Number when Number(element) is { } number => [HyperparameterValue.Of(number)],
        _ => [],
    };

    private static double? Number(JsonElement element) =>
        element.ValueKind == JsonValueKind.Number && double.TryParse(element.GetRawText(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? number
            : null;

    private static string Shown(JsonElement element)
    {
        var text = element.GetRawText();
        return text.Length <= 60 ? text : text[..57] + "...";
    }

    private static string Kind(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        _ => $"'{element.GetRawText()}'",
    };

    private static ExploreAnswer Refuse(string objection) => new(Hyperparameters: null, objection);
}

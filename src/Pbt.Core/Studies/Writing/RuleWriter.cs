using System.Text.Json;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes how each hyperparameter moves by a rule.</summary>
internal static class RuleWriter
{
    /// <summary>Writes the rule's keys, without its strategy, and the overrides if there are any.</summary>
    public static void Write(Utf8JsonWriter json, RuleExplore rule)
    {
        Rule(json, rule);
        if (rule.Overrides.IsEmpty)
            return;

        json.WriteStartObject("overrides");
        foreach (var (name, own) in rule.Overrides)
        {
            json.WriteStartObject(name);
            json.WriteString("strategy", ExploreSection.WordFor(own));
            if (own is RuleExplore ownRule)
                Rule(json, ownRule);

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Rule(Utf8JsonWriter json, RuleExplore rule)
    {
        if (rule is PerturbExplore factors)
            Factors(json, factors);

        if (rule is DiscountExplore { Ratio: var ratio })
            Pair(json, "ratio", ratio);

        if (rule is not ResampleExplore)
            json.WriteFloat("probability", rule.Probability);

        json.WriteFloat("resample_probability", rule.ResampleProbability);
        if (rule is not ResampleExplore)
            json.WriteFloat("reset_probability", rule.ResetProbability);

        switch (rule)
        {
            case PerturbExplore perturb:
                json.WriteFloat("zero_step", perturb.ZeroStep);
                json.WriteString("unordered", Vocabulary.Unordered.WordFor(perturb.Unordered));
                break;
            case DiscountExplore discount:
                json.WriteFloat("zero_step", discount.ZeroStep);
                break;
            case GaussianExplore gaussian:
                json.WriteFloat("sigma", gaussian.Sigma);
                json.WriteString("sigma_unit", Vocabulary.SigmaUnit.WordFor(gaussian.Unit));
                break;
            default:
                break;
        }
    }

    private static void Factors(Utf8JsonWriter json, PerturbExplore perturb)
    {
        if (perturb.Ratio is { } ratio)
        {
            Pair(json, "ratio", ratio);
        }
        else if (perturb.Range is { } range)
        {
            Pair(json, "range", range);
        }
        else
        {
            json.WriteStartArray("factors");
            foreach (var factor in perturb.Factors)
                json.WriteFloatValue(factor);

            json.WriteEndArray();
        }
    }

    private static void Pair(Utf8JsonWriter json, string key, (double Min, double Max) pair)
    {
        json.WriteStartArray(key);
        json.WriteFloatValue(pair.Min);
        json.WriteFloatValue(pair.Max);
        json.WriteEndArray();
    }
}

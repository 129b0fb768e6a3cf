using System.Text.Json;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes <c>exploit</c> and <c>explore</c>.</summary>
internal static class StrategyWriter
{
    /// <summary>Writes <c>exploit</c>.</summary>
    public static void Exploit(Utf8JsonWriter json, ExploitSpec exploit)
    {
        json.WriteStartObject("exploit");
        switch (exploit)
        {
            case TruncationExploit truncation:
                json.WriteString("strategy", "truncation");
                json.WriteFloat("top", truncation.Top);
                json.WriteFloat("bottom", truncation.Bottom);
                break;
            case BinaryTournamentExploit:
                json.WriteString("strategy", "binary_tournament");
                break;
            case TTestExploit test:
                json.WriteString("strategy", "t_test");
                json.WriteFloat("significance", test.Significance);
                json.WriteNumber("samples", test.Samples);
                break;
            case FireExploit fire:
                GroupExploitWriter.Write(json, fire);
                break;
            case MultipleFrequenciesExploit frequencies:
                GroupExploitWriter.Write(json, frequencies);
                break;
            case NoExploit:
                json.WriteString("strategy", "none");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(exploit), exploit, "No text stands for this strategy.");
        }

        if (exploit is not NoExploit)
            json.WriteString("inherit", Vocabulary.Inherit.WordFor(exploit.Inherit));
        json.WriteEndObject();
    }

    /// <summary>Writes <c>explore</c>.</summary>
    public static void Explore(Utf8JsonWriter json, ExploreSpec explore)
    {
        json.WriteStartObject("explore");
        switch (explore)
        {
            case PerturbExplore perturb:
                json.WriteString("strategy", "perturb");
                WriteFactors(json, perturb);
                json.WriteFloat("resample_probability", perturb.ResampleProbability);
                json.WriteFloat("zero_step", perturb.ZeroStep);
                break;
            case ResampleExplore resample:
                json.WriteString("strategy", "resample");
                json.WriteFloat("resample_probability", resample.ResampleProbability);
                break;
            case GaussianExplore gaussian:
                json.WriteString("strategy", "gaussian");
                json.WriteFloat("resample_probability", gaussian.ResampleProbability);
                json.WriteFloat("sigma", gaussian.Sigma);
                json.WriteString("sigma_unit", Vocabulary.SigmaUnit.WordFor(gaussian.Unit));
                break;
            case NoExplore:
                json.WriteString("strategy", "none");
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(explore), explore, "No text stands for this strategy.");
        }

        if (explore is not NoExplore)
            json.WriteString("when", Vocabulary.When.WordFor(explore.When));
        json.WriteEndObject();
    }

    private static void WriteFactors(Utf8JsonWriter json, PerturbExplore perturb)
    {
        json.WriteStartArray(perturb.Range is null ? "factors" : "range");
        if (perturb.Range is { } range)
        {
            json.WriteFloatValue(range.Min);
            json.WriteFloatValue(range.Max);
        }
        else
        {
            foreach (var factor in perturb.Factors)
                json.WriteFloatValue(factor);
        }

        json.WriteEndArray();
    }
}

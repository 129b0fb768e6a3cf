using System.Collections.Immutable;
using System.Text.Json;
using Pbt.Core.SearchSpaces;
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
            case CustomExploit custom:
                WriteCustom(json, custom.Name, custom.Settings);
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

    /// <summary>Writes <c>objective.smoothing</c>.</summary>
    public static void Smoothing(Utf8JsonWriter json, SmoothingSpec smoothing)
    {
        json.WriteStartObject("smoothing");
        switch (smoothing)
        {
            case NoSmoothing:
                json.WriteString("strategy", "none");
                break;
            case MeanSmoothing mean:
                json.WriteString("strategy", "mean");
                json.WriteNumber("window", mean.Window);
                break;
            case ExponentialSmoothing exponential:
                json.WriteString("strategy", "exponential");
                json.WriteFloat("alpha", exponential.Alpha);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(smoothing), smoothing, "No text stands for this smoothing.");
        }

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
            case Pb2Explore bandit:
                json.WriteString("strategy", "pb2");
                json.WriteFloat("resample_probability", bandit.ResampleProbability);
                break;
            case Pb2MixExplore:
                json.WriteString("strategy", "pb2_mix");
                break;
            case GpbtPlExplore pairs:
                json.WriteString("strategy", "gpbt_pl");
                json.WriteFloat("attraction", pairs.Attraction);
                json.WriteFloat("inertia", pairs.Inertia);
                break;
            case CommandExplore command:
                json.WriteString("strategy", "command");
                ProgramWriter.WriteCommand(json, command.Command);
                json.WriteString("working_directory", command.WorkingDirectory);
                json.WriteOptional("timeout", command.Timeout);
                json.WriteNumber("history", command.History);
                break;
            case CustomExplore custom:
                WriteCustom(json, custom.Name, custom.Settings);
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

    private static void WriteCustom(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, HyperparameterValue> settings)
    {
        json.WriteString("strategy", "custom");
        json.WriteString("name", name);
        json.WriteStartObject("settings");
        foreach (var (key, value) in settings)
        {
            json.WritePropertyName(key);
            json.WriteHyperparameterValue(value);
        }

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

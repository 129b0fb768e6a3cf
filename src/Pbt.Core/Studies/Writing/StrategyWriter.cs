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
        json.WriteString("strategy", ExploitSection.WordFor(exploit));
        switch (exploit)
        {
            case TruncationExploit truncation:
                Parts(json, truncation.Top, truncation.Bottom);
                json.WriteString("middle", Vocabulary.WithoutDonor.WordFor(truncation.Middle));
                json.WriteString("ties", Vocabulary.Ties.WordFor(truncation.Ties));
                break;
            case TTestExploit test:
                json.WriteFloat("significance", test.Significance);
                json.WriteNumber("samples", test.Samples);
                break;
            case FireExploit fire:
                GroupExploitWriter.Write(json, fire);
                break;
            case MultipleFrequenciesExploit frequencies:
                GroupExploitWriter.Write(json, frequencies);
                break;
            case ThresholdExploit threshold:
                Threshold(json, threshold);
                break;
            case BandExploit band:
                json.WriteFloat("sigma", band.Sigma);
                json.WriteFloat("absolute", band.Absolute);
                json.WriteString("otherwise", Vocabulary.WithoutDonor.WordFor(band.Otherwise));
                break;
            case BacktrackExploit backtrack:
                Parts(json, backtrack.Top, backtrack.Bottom);
                json.WriteOptional("candidates", backtrack.Candidates);
                break;
            case ElitistBackOffExploit elitist:
                Parts(json, elitist.Top, elitist.Bottom);
                json.WriteFloat("tolerance", elitist.Tolerance);
                break;
            case CustomExploit custom:
                Custom(json, custom.Name, custom.Settings);
                break;
            default:
                break;
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

    private static void Parts(Utf8JsonWriter json, double top, double bottom)
    {
        json.WriteFloat("top", top);
        json.WriteFloat("bottom", bottom);
    }

    private static void Threshold(Utf8JsonWriter json, ThresholdExploit threshold)
    {
        Parts(json, threshold.Top, threshold.Bottom);
        json.WriteFloat("sigma", threshold.Sigma);
        json.WriteFloat("trim", threshold.Trim);
        json.WriteFloat("relative", threshold.Relative);
        json.WriteFloat("absolute", threshold.Absolute);
        json.WriteBoolean("below_top", threshold.BelowTop);
        json.WriteFloat("quorum", threshold.Quorum);
        json.WriteNumber("settle", threshold.Settle);
        json.WriteFloat("keep_own_hyperparameters", threshold.KeepOwnHyperparameters);
        json.WriteString("otherwise", Vocabulary.WithoutDonor.WordFor(threshold.Otherwise));
        json.WriteString("middle", Vocabulary.WithoutDonor.WordFor(threshold.Middle));
    }

    /// <summary>Writes <c>explore</c>.</summary>
    public static void Explore(Utf8JsonWriter json, ExploreSpec explore)
    {
        json.WriteStartObject("explore");
        json.WriteString("strategy", ExploreSection.WordFor(explore));
        if (explore is RuleExplore rule)
            RuleWriter.Write(json, rule);

        if (explore is Pb2Explore bandit)
            json.WriteFloat("resample_probability", bandit.ResampleProbability);

        if (explore is GpbtPlExplore pairs)
        {
            json.WriteFloat("inertia", pairs.Inertia);
            json.WriteFloat("attraction", pairs.Attraction);
        }

        if (explore is CommandExplore command)
            Command(json, command);

        if (explore is CustomExplore custom)
            Custom(json, custom.Name, custom.Settings);

        if (explore is ScheduleExplore schedule)
            Schedule(json, schedule);

        if (explore is not (NoExplore or ScheduleExplore))
            json.WriteString("when", Vocabulary.When.WordFor(explore.When));
        json.WriteEndObject();
    }

    private static void Schedule(Utf8JsonWriter json, ScheduleExplore schedule)
    {
        json.WriteStartArray("changes");
        foreach (var change in schedule.Changes)
        {
            json.WriteStartObject();
            json.WriteNumber("from_step", change.FromStep);
            json.WritePropertyName("hyperparameters");
            HyperparametersJson.Write(json, change.Hyperparameters);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void Custom(Utf8JsonWriter json, string name, ImmutableSortedDictionary<string, HyperparameterValue> settings)
    {
        json.WriteString("name", name);
        json.WriteStartObject("settings");
        foreach (var (key, value) in settings)
        {
            json.WritePropertyName(key);
            json.WriteHyperparameterValue(value);
        }

        json.WriteEndObject();
    }

    private static void Command(Utf8JsonWriter json, CommandExplore command)
    {
        ProgramWriter.WriteCommand(json, command.Command);
        json.WriteString("working_directory", command.WorkingDirectory);
        json.WriteOptional("timeout", command.Timeout);
        json.WriteNumber("history", command.History);
    }
}

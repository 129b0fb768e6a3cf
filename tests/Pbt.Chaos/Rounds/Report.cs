using System.Globalization;
using System.Text;

namespace Pbt.Chaos.Rounds;

/// <summary>The figures of a campaign as Markdown.</summary>
internal static class Report
{
    public static string Of(Campaign campaign, CampaignOptions options, TimeSpan elapsed)
    {
        var text = new StringBuilder();
        var results = campaign.Results;
        text.Append("| figure | value |\n|---|---|\n");
        Row(text, "seed", options.Seed);
        Row(text, "duration", string.Create(CultureInfo.InvariantCulture, $"{elapsed.TotalMinutes:F1} min"));
        Row(text, "rounds", $"{results.Count}: {results.Count(static r => r.Plan.IsSynchronous)} synchronous, {results.Count(static r => !r.Plan.IsSynchronous)} asynchronous");
        Row(text, "faults that took effect", campaign.Tally.Total);
        Row(text, "intervals completed", results.Sum(static r => r.Completed));
        Row(text, "processes started", results.Sum(static r => r.Started));
        Row(text, "workers found dead", results.Sum(static r => r.Lost));
        Row(text, "rounds in violation", results.Count(static r => r.Violations.Count > 0));
        Row(text, "**violations**", $"**{results.Sum(static r => r.Violations.Count)}**");
        text.Append("\n| fault | took effect | tried in vain |\n|---|---|---|\n");
        foreach (var (kind, (done, vain)) in campaign.Tally.Counts)
            text.Append(CultureInfo.InvariantCulture, $"| {kind} | {done} | {vain} |\n");

        foreach (var (kind, reason) in campaign.Tally.Unavailable)
            text.Append(CultureInfo.InvariantCulture, $"| {kind} | not available: {reason} | |\n");

        return text.ToString();
    }

    private static void Row(StringBuilder text, string name, object value) => text.Append(CultureInfo.InvariantCulture, $"| {name} | {value} |\n");
}

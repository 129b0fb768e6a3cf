using System.Diagnostics;
using System.Globalization;
using Pbt.Chaos.Rounds;

namespace Pbt.Chaos;

/// <summary><c>eng/chaos</c>: exit code 0 without a violation, 1 with one, 2 for bad usage.</summary>
internal static class Program
{
    private const string Usage =
        """
        usage: eng/chaos [--faults N] [--seed S] [--minutes M] [--mode synchronous|asynchronous|both] [--keep DIR] [--verbose]
          --faults N      go on until N faults took effect (200)
          --minutes M     go on for at least M minutes (0)
          --seed S        what everything random follows from (1)
          --mode MODE     of the studies: synchronous, asynchronous, or both in turn (both)
          --round R       begin with round R: to repeat one
          --keep DIR      put the rounds' folders there and keep them; else only those of rounds with violations stay
          --program PATH  another pbt.dll than the one of this build
          --verbose       print what happens as it happens
        """;

    public static async Task<int> Main(string[] arguments)
    {
        var options = new CampaignOptions();
        var verbose = false;
        int? faults = null;
        try
        {
            for (var i = 0; i < arguments.Length; i++)
            {
                var name = arguments[i];
                if (name is "--verbose")
                {
                    verbose = true;
                    continue;
                }

                var value = i + 1 < arguments.Length ? arguments[++i] : throw new FormatException($"{name} needs a value");
                if (name is "--faults")
                    faults = int.Parse(value, CultureInfo.InvariantCulture);
                else
                    options = With(options, name, value);
            }
        }
        catch (FormatException error)
        {
            await Console.Error.WriteLineAsync($"chaos: {error.Message}\n{Usage}");
            return 2;
        }

        // Of the two limits, the one that is asked for alone is the only one.
        options = options with { Faults = faults ?? (options.Minutes > 0 ? 0 : options.Faults) };
        return await RunAsync(options, verbose);
    }

    private static async Task<int> RunAsync(CampaignOptions options, bool verbose)
    {
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, press) =>
        {
            press.Cancel = true;
            stop.Cancel();
        };
        var clock = Stopwatch.StartNew();
        var campaign = new Campaign(options, Console.WriteLine, verbose ? Console.WriteLine : null);
        await campaign.RunAsync(stop.Token);
        Console.WriteLine();
        Console.WriteLine(Report.Of(campaign, options, clock.Elapsed));
        return campaign.Results.Exists(static r => r.Violations.Count > 0) ? 1 : 0;
    }

    private static CampaignOptions With(CampaignOptions options, string name, string value) => name switch
    {
        "--seed" => options with { Seed = int.Parse(value, CultureInfo.InvariantCulture) },
        "--minutes" => options with { Minutes = double.Parse(value, CultureInfo.InvariantCulture) },
        "--round" => options with { FirstRound = int.Parse(value, CultureInfo.InvariantCulture) },
        "--keep" => options with { Root = Path.GetFullPath(value), KeepAll = true },
        "--program" => options with { Program = Path.GetFullPath(value) },
        "--mode" => options with
        {
            Mode = value switch
            {
                "both" => ChaosMode.Both,
                "synchronous" => ChaosMode.Synchronous,
                "asynchronous" => ChaosMode.Asynchronous,
                _ => throw new FormatException($"'{value}' is no mode"),
            },
        },
        _ => throw new FormatException($"'{name}' is no option"),
    };
}

using System.Diagnostics;
using System.Globalization;

namespace Pbt.Nfs.TestHost;

/// <summary>Plays the scenarios, each in a directory of its own, and prints for each whether it went as it should.</summary>
internal static class Driver
{
    /// <summary>The directory as the hosts see it.</summary>
    public const string Shared = "/mnt/shared";

    public static async Task RunAsync()
    {
        var only = Environment.GetEnvironmentVariable("PBT_NFS_ONLY");
        foreach (var (name, play) in Scenarios)
        {
            if (only is not null && !only.Split(',').Contains(name, StringComparer.Ordinal))
                continue;

            var clock = Stopwatch.StartNew();
            string result;
            try
            {
                result = $"passed {name} {await play(name)}";
            }
            catch (Exception e)
            {
                result = $"failed {name} {e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {e.StackTrace?.ReplaceLineEndings(" ")}";
            }

            Console.Out.WriteLine($"{result} [{clock.Elapsed.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture)} s]");
        }
    }

    private static readonly (string Name, Func<string, Task<string>> Play)[] Scenarios =
    [
        ("clients", ClientScenarios.ClientsAsync),
        ("processes", WriterScenarios.ProcessesAsync),
        ("twice", WriterScenarios.TwiceAsync),
        ("visible", SightScenarios.VisibleAsync),
        ("wakes", SightScenarios.WakesAsync),
        ("heartbeats", SightScenarios.HeartbeatsAsync),
        ("checkpoints", SightScenarios.CheckpointsAsync),
        ("closed", SightScenarios.ClosedAsync),
        ("torn", SightScenarios.TornAsync),
        ("replaced", SightScenarios.ReplacedAsync),
        ("killed", ClientScenarios.KilledAsync),
        ("cut-off", ClientScenarios.CutOffAsync),
        ("study", StudyScenarios.TwoHostsAsync),
    ];

    /// <summary>Fails the scenario unless what is said holds.</summary>
    public static void Check(bool holds, string otherwise)
    {
        if (!holds)
            throw new InvalidOperationException(otherwise);
    }

    /// <summary>Makes sure that a request fails so.</summary>
    public static async Task<string> FailsAsync(string type, Task<string> request)
    {
        try
        {
            var answer = await request;
            throw new InvalidOperationException($"it should fail with {type}, but answered '{answer}'");
        }
        catch (AgentException e) when (e.Type.Equals(type, StringComparison.Ordinal))
        {
            return e.Message;
        }
    }

    /// <summary>A time in seconds, for the report.</summary>
    public static string Seconds(TimeSpan time) => time.TotalSeconds.ToString("F2", CultureInfo.InvariantCulture);
}

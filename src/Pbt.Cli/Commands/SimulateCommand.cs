using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;
using Pbt.Core.Studies;
using Pbt.Runtime.Simulation;
using Pbt.Runtime.Studies;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt simulate</c>: runs a study of a built-in trainer in memory, over many seeds.</summary>
internal static class SimulateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var spec = new Argument<string>("SPEC") { Description = "The study's spec; its trainer must be built in." };
        var seeds = new Option<int>("--seeds") { Description = "How many studies, with the seeds SEED, SEED+1, …", DefaultValueFactory = static _ => 1, HelpName = "K" };
        var set = SpecSettings.Option();
        var json = StudyCommand.JsonOption();
        var command = new Command("simulate", "Run a study of a built-in trainer in memory, over many seeds.") { spec, seeds, set, json };
        return command.Does((result, cancellationToken) =>
        {
            var count = result.GetValue(seeds);
            if (count < 1)
                throw new InvalidRequestException($"--seeds is {count}; it must be at least 1");

            var read = SpecFile.Read(result.GetValue(spec)!).Spec;
            var settings = SpecSettings.Parse(result.GetValue(set) ?? [], reserved: []);
            var outcome = Simulate(settings.Count > 0 ? SpecSettings.Set(read, settings) : read, count, cancellationToken);
            services.Out.WriteLine(result.GetValue(json) ? outcome.ToJson() : outcome.ToText());
            return Task.FromResult(ExitCode.Done);
        });
    }

    private static Outcome Simulate(StudySpec spec, int seeds, CancellationToken cancellationToken)
    {
        var scores = new List<double>(seeds);
        var intervals = 0L;
        var began = Stopwatch.GetTimestamp();
        for (var i = 0; i < seeds; i++)
        {
            var state = StudySimulation.Run(spec with { Seed = spec.Seed + (ulong)i }, cancellationToken);
            if (RunOutcome.Objection(state) is { } objection)
                throw new InvalidRequestException($"with seed {state.Spec.Seed}: {objection}");

            scores.Add(RunOutcome.Of(state).Final);
            intervals += state.CompletedIntervals + state.FailedIntervals;
        }

        return new Outcome(Summary.Of(scores), intervals / Stopwatch.GetElapsedTime(began).TotalSeconds, seeds);
    }

    private sealed record Outcome(Summary Score, double IntervalsPerSecond, int Seeds)
    {
        public string ToJson()
        {
            using var stream = new MemoryStream();
            using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            {
                writer.WriteStartObject();
                writer.WriteNumber("seeds", Seeds);
                writer.WriteStartObject("score");
                foreach (var (name, value) in Figures())
                    writer.WriteNumber(name, value);

                writer.WriteEndObject();
                writer.WriteNumber("intervals_per_second", Math.Round(IntervalsPerSecond));
                writer.WriteEndObject();
            }

            return System.Text.Encoding.UTF8.GetString(stream.ToArray());
        }

        public string ToText() => string.Create(
            CultureInfo.InvariantCulture,
            $"{Seeds} seeds, score of the best member at the end: {string.Join("  ", Figures().Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Name} {f.Value:G7}")))}  ({IntervalsPerSecond:N0} intervals/s)");

        private (string Name, double Value)[] Figures() =>
        [
            ("mean", Score.Mean),
            ("sd", Score.StandardDeviation ?? 0),
            ("min", Score.Min),
            ("p5", Score.P5),
            ("median", Score.Median),
            ("p95", Score.P95),
            ("max", Score.Max),
        ];
    }
}

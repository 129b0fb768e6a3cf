using System.Text.Json;

namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A sweep over a study of a shell script, in a temporary folder.</summary>
internal sealed class SweepStudy : IDisposable
{
    private SweepStudy(Study study) => Study = study;

    /// <summary>The study that it varies, and the folder of it all.</summary>
    public Study Study { get; }

    /// <summary>The sweep's path.</summary>
    public string SweepPath => At("s.yaml");

    /// <summary>A sweep over a synchronous study of three members and three intervals, so that scores are a function of spec and seed.</summary>
    /// <param name="entry">What the sweep varies: further lines of its only entry.</param>
    /// <param name="seconds">How long an interval takes.</param>
    public static SweepStudy Create(string entry, double seconds = 0.02)
    {
        var sweep = new SweepStudy(new Study()
            .Script("train.sh", "if [ \"${FAILS:-}\" = yes ]; then echo \"it fails\"; exit 7; fi\n" + Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 3, intervals: 3, mode: "synchronous", seconds: seconds, trainer: "grace: 30s")));
        sweep.Write(entry);
        return sweep;
    }

    /// <summary>Writes the sweep anew.</summary>
    public void Write(string entry) => File.WriteAllText(SweepPath, $"# What is varied is below.\nname: s\nstudies:\n  - spec: study.yaml\n\n    # The entry's own:\n    {entry}\n");

    /// <summary>A path in the folder.</summary>
    public string At(string name) => Study.At(name);

    /// <summary>Starts <c>pbt sweep</c>.</summary>
    public PbtProcess Start(params string[] more) => Study.Start(["sweep", "s.yaml", .. more]);

    /// <summary>Runs <c>pbt sweep</c> to its end.</summary>
    public Task<Output> SweepAsync(params string[] more) => Study.PbtAsync(["sweep", "s.yaml", .. more]);

    /// <summary>The runs as <c>--report --json</c> has them.</summary>
    public async Task<List<JsonElement>> ReportAsync() =>
        [.. Study.Parse((await SweepAsync("--report", "--json")).Expect(0).Out).GetProperty("runs").EnumerateArray()];

    /// <summary>Every journal of the sweep.</summary>
    public Dictionary<string, string> Journals() =>
        Directory.GetFiles(At("runs"), "journal.jsonl", SearchOption.AllDirectories).ToDictionary(static path => path, File.ReadAllText, StringComparer.Ordinal);

    public void Dispose() => Study.Dispose();
}

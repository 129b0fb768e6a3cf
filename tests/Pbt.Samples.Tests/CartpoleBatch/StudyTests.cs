using Pbt.Harness;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.CartpoleBatch;

/// <summary>The sample's study, made tiny, as pbt runs it.</summary>
public sealed class StudyTests
{
    private const int Members = 6;
    private const int Intervals = 4;

    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "cartpole-batch.dll");

    [Fact]
    public async Task Study_InAnyNumberOfPlacesAndWidthOfVectors_EndsTheSame()
    {
        // All members at once; fewer places than members, so that donors are loaded and batches are partial; two slots.
        using var whole = new Study().Spec(Tiny(capacity: 64, slots: 1, bits: 512));
        using var parts = new Study().Spec(Tiny(capacity: 4, slots: 1, bits: 256));
        using var slots = new Study().Spec(Tiny(capacity: 2, slots: 2, bits: 128));

        (await whole.RunAsync()).Expect(0);
        (await parts.RunAsync()).Expect(0);
        (await slots.RunAsync()).Expect(0);

        Assert.Equal(Members * Intervals, whole.Count("interval_completed"));
        Assert.Contains(whole.Journal(), static entry =>
            entry.Type is "member_decided" && entry.Data.GetProperty("action").GetString() is "exploit");
        Assert.Equal(await OutcomeAsync(whole), await OutcomeAsync(parts));
        Assert.Equal(await OutcomeAsync(whole), await OutcomeAsync(slots));
        Assert.Contains("6 places", Log(whole), StringComparison.Ordinal);
        Assert.DoesNotContain("\n0 donors copied", Log(whole), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Study_ItsCheckpoints_AreThoseOfTheScalarTrainer()
    {
        using var study = new Study().Spec(Tiny(capacity: 64, slots: 1, bits: 256));
        (await study.RunAsync()).Expect(0);

        foreach (var checkpoint in Directory.GetDirectories(Path.Combine(study.Dir, "checkpoints", "m0000")))
            new PpoTrainer(Checkpoint.Load(PpoTask.CartPole, checkpoint), new Hyperparameters()).Train(PpoTask.CartPole.RolloutSteps);
    }

    private static async Task<string?> OutcomeAsync(Study study) =>
        (await study.StatusAsync()).GetProperty("outcome_digest").GetString();

    private static string Log(Study study) =>
        string.Concat(Directory.GetFiles(Path.Combine(study.Dir, "logs", "trainers")).Select(File.ReadAllText));

    private static string Tiny(int capacity, int slots, int bits)
    {
        var spec = File.ReadAllText(Path.Combine(SystemPython.Repository, "samples", "cartpole-batch", "study.yaml"));
        foreach (var (old, tiny) in new[]
        {
            ("population: 64", $"population: {Members}"),
            ("mode: asynchronous", "mode: synchronous"),
            ("steps: 4096", "steps: 1024"),
            ("intervals: 40", $"intervals: {Intervals}"),
            ("max: 10 }", "max: 3 }"),
            ("command: [bin/cartpole-batch, --capacity, \"64\"]", $"command: [dotnet, {Program}, --capacity, \"{capacity}\", --threads, \"1\"]"),
            ("BitWidth: \"512\"", $"BitWidth: \"{bits}\""),
            ("slots: 1", $"slots: {slots}"),
        })
        {
            Assert.Contains(old, spec, StringComparison.Ordinal);
            spec = spec.Replace(old, tiny, StringComparison.Ordinal);
        }

        return spec;
    }
}

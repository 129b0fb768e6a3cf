namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>A strategy from the user's own assembly: the sample.</summary>
public sealed class OwnStrategyTests
{
    private static readonly string Assembly = Path.Combine(AppContext.BaseDirectory, "OwnStrategy.dll");

    [Fact]
    public async Task A_study_runs_and_is_verified_with_the_users_own_assembly()
    {
        using var study = New().With("PBT_STRATEGIES", Assembly);
        (await study.RunAsync(slots: 2)).Expect(0);
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(" 0 differ");
    }

    [Fact]
    public async Task Without_the_assembly_nothing_is_created_and_the_message_says_what_to_set()
    {
        using var study = New();
        (await study.RunAsync(slots: 2)).Expect(2).Saying("explore.name").Saying("PBT_STRATEGIES");
        Assert.False(File.Exists(study.JournalPath));
    }

    [Fact]
    public async Task Verify_without_the_assembly_says_what_to_set()
    {
        using var study = New().With("PBT_STRATEGIES", Assembly);
        (await study.RunAsync(slots: 2)).Expect(0);
        study.With("PBT_STRATEGIES", "");
        (await study.PbtAsync("verify", study.Dir)).Expect(2).Saying("'midpoint'").Saying("PBT_STRATEGIES");
        (await study.PbtAsync("status", study.Dir)).Expect(0);
    }

    [Theory]
    [InlineData("missing.dll", "cannot be loaded")]
    [InlineData("study.yaml", "cannot be loaded")]
    public async Task An_assembly_that_cannot_be_loaded_is_named(string path, string reason)
    {
        using var study = New();
        study.With("PBT_STRATEGIES", study.At(path));
        (await study.PbtAsync("status", study.Dir)).Expect(2).Saying(path).Saying(reason);
    }

    private static Study New() => new Study().Spec(
        """
        name: own
        population: 4
        mode: synchronous
        objective: { metric: q, goal: maximize }
        interval: { steps: 10 }
        budget: { intervals: 4 }
        hyperparameters:
          h0: { type: float, min: 0, max: 1 }
          h1: { type: float, min: 0, max: 1 }
        exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }
        explore: { strategy: custom, name: midpoint }
        trainer: { builtin: quadratic }
        """);
}

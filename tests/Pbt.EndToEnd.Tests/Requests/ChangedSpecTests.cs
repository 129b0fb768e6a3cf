using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Requests;

/// <summary>Another spec for a study that has begun.</summary>
public sealed class ChangedSpecTests
{
    [Fact]
    public async Task A_change_that_makes_another_study_is_refused_with_its_key()
    {
        using var study = await CompletedAsync();
        var before = study.Journal().Count;
        study.Replace("seed: 11", "seed: 12");
        (await study.RunAsync(slots: 2, "--accept-change", "seed")).Expect(2).Saying("seed: 11 → 12", "another --dir", "nothing was changed");
        Assert.Equal(before, study.Journal().Count);
    }

    [Fact]
    public async Task An_extended_budget_goes_on()
    {
        using var study = await CompletedAsync();
        study.Replace("intervals: 2", "intervals: 4");
        (await study.RunAsync(slots: 2)).Expect(0).Saying("budget.intervals: 2 → 4");
        Assert.Equal(8, study.Count("interval_completed"));
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
    }

    [Fact]
    public async Task A_shortened_budget_is_refused()
    {
        using var study = await CompletedAsync();
        study.Replace("intervals: 2", "intervals: 1");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("budget.intervals: 2 → 1");
    }

    [Fact]
    public async Task A_changed_trainer_goes_on_only_if_it_is_accepted_by_name()
    {
        using var study = await CompletedAsync();
        study.Replace("intervals: 2", "intervals: 3");
        study.Replace("trainer:\n", "trainer:\n  env: { THREADS: \"2\" }\n");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("trainer.env", "--accept-change trainer.env");
        Assert.Equal(4, study.Count("interval_completed"));
        (await study.RunAsync(slots: 2, "--accept-change", "trainer.env")).Expect(0);
        Assert.Equal(6, study.Count("interval_completed"));
        Assert.Equal(1, study.Count("spec_changed"));
    }

    private static async Task<Study> CompletedAsync()
    {
        var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 2, seconds: 0.01));
        (await study.RunAsync(slots: 2)).Expect(0);
        return study;
    }
}

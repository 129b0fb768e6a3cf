using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

public sealed class DeterminismTests
{
    private const int Kills = 20;

    /// <summary>The digest of the study when nothing disturbs it; found once.</summary>
    private static readonly Lazy<Task<string>> Undisturbed = new(async () =>
    {
        using var study = Create();
        (await study.RunAsync(slots: 4)).Expect(0);
        await ShouldBeWholeAsync(study);
        Assert.Contains(study.Journal(), static e => e.Type == "member_decided" && e.Data.GetProperty("action").GetString() == "rescue");
        Assert.Contains(study.Journal(), static e => e.Type == "member_decided" && e.Data.GetProperty("action").GetString() == "exploit");
        return (await study.StatusAsync()).GetProperty("outcome_digest").GetString()!;
    });

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task The_outcome_does_not_depend_on_the_number_of_slots(int slots)
    {
        var expected = await Undisturbed.Value;
        using var study = Create();
        (await study.RunAsync(slots)).Expect(0);
        await ShouldBeWholeAsync(study);
        Assert.Equal(expected, (await study.StatusAsync()).GetProperty("outcome_digest").GetString());
    }

    /// <summary>The study is killed at random moments and must end with the same outcome all the same.</summary>
    internal static async Task SurvivesKillsAsync(int slots, TimeSpan longest)
    {
        var expected = await Undisturbed.Value;
        using var study = Create();
        var adversary = new Adversary(study, slots, new Random(slots), longest);
        await adversary.KillAsync(Kills);
        (await study.RunAsync(slots)).Expect(0);
        await ShouldBeWholeAsync(study);
        var digest = (await study.StatusAsync()).GetProperty("outcome_digest").GetString();
        Assert.True(expected == digest, $"the outcome differs after {string.Join(", ", adversary.Victims)}\n{study.Describe()}");
    }

    private static Study Create() => new Study()
        .Script("train.sh", Trainers.SometimesFailing)
        .Spec(Trainers.Spec(
            population: 6,
            intervals: 8,
            mode: "synchronous",
            seconds: 0.15,
            trainer: "max_attempts: 6\ngrace: 1s",
            more: "exploit: { strategy: truncation, top: 0.34, bottom: 0.34 }\nexplore: { strategy: perturb }").Replace("lease: 2s", "lease: 1s", StringComparison.Ordinal));

    private static async Task ShouldBeWholeAsync(Study study)
    {
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ");
        var journal = study.Journal();
        Assert.Equal(Enumerable.Range(1, journal.Count).Select(static v => (long)v), journal.Select(static e => e.Version));
        Invariants.NoIntervalCountsTwice(study);

        // Of attempts that were given up, lost or failed nothing is left, and nothing that is needed is deleted.
        (await study.PbtAsync("gc", study.Dir)).Expect(0);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(study.Dir, "attempts")));
        Assert.All(
            Directory.GetDirectories(Path.Combine(study.Dir, "checkpoints"), "*", SearchOption.AllDirectories),
            static path => Assert.False(Path.GetFileName(path).StartsWith('.'), $"{path} is left"));

        var status = await study.StatusAsync();
        Assert.Equal("completed", status.GetProperty("state").GetString());
        Assert.Equal(0, status.GetProperty("intervals").GetProperty("running").GetInt32());
        foreach (var member in status.GetProperty("members").EnumerateArray())
        {
            Assert.Equal(8, member.GetProperty("intervals").GetInt32());
            var checkpoint = member.GetProperty("checkpoint").GetString()!;
            Assert.True(Directory.Exists(checkpoint), $"{checkpoint} is not there");
            Assert.True(File.Exists(Path.Combine(checkpoint, "state")), $"{checkpoint} has no state");
        }
    }
}

// In classes of their own, so that they run side by side.
public sealed class KilledOnOneSlotTests
{
    [Fact]
    public Task Killed_twenty_times_at_random_moments_a_study_ends_with_the_same_outcome() =>
        DeterminismTests.SurvivesKillsAsync(slots: 1, TimeSpan.FromMilliseconds(400));
}

public sealed class KilledOnTwoSlotsTests
{
    [Fact]
    public Task Killed_twenty_times_at_random_moments_a_study_ends_with_the_same_outcome() =>
        DeterminismTests.SurvivesKillsAsync(slots: 2, TimeSpan.FromMilliseconds(250));
}

public sealed class KilledOnFourSlotsTests
{
    [Fact]
    public Task Killed_twenty_times_at_random_moments_a_study_ends_with_the_same_outcome() =>
        DeterminismTests.SurvivesKillsAsync(slots: 4, TimeSpan.FromMilliseconds(150));
}

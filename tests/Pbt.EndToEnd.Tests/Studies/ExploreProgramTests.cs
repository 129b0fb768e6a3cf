using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>Hyperparameters from a user's own program.</summary>
public sealed class ExploreProgramTests
{
    private const string Half = "grep -q '\"population\":\\[{' \"$PBT_POPULATION\" || exit 9\necho asked >>asked\necho 'thinking'\necho '{\"h\": 0.5}'\n";

    [Theory]
    [InlineData("synchronous")]
    [InlineData("asynchronous")]
    public async Task The_weak_go_on_with_what_the_program_answers_and_verify_finds_nothing_wrong(string mode)
    {
        using var study = New(Half, mode);
        (await study.RunAsync(slots: 2)).Expect(0);
        var exploits = study.Journal().Where(static e => e.Type == "member_decided" && e.Text("action") == "exploit").ToList();
        Assert.NotEmpty(exploits);
        Assert.All(exploits, static e => Assert.Equal(0.5, e.Data.GetProperty("hyperparameters").GetProperty("h").GetDouble()));
        Assert.Equal(exploits.Count, File.ReadAllLines(study.At("asked")).Length);
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(" 0 differ");
    }

    [Fact]
    public async Task A_program_that_fails_ends_the_study_with_its_words_and_a_resumed_one_goes_on()
    {
        using var study = New("echo 'no idea, sorry' >&2\nexit 4\n", "synchronous");
        (await study.RunAsync(slots: 2)).Expect(1).Saying("no idea, sorry");
        study.Script("explore.sh", Half);
        (await study.PbtAsync("resume", study.Dir)).Expect(0);
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(24, study.Count("interval_completed"));
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(" 0 differ");
    }

    [Fact]
    public async Task Another_worker_asks_the_program_when_the_one_that_asked_is_killed()
    {
        // The first to ask leaves a sign and never answers.
        using var study = New("if mkdir first 2>/dev/null; then sleep 600; fi\n" + Half, "synchronous");
        await using var run = study.StartRun(slots: 1);
        await study.JournalHasAsync("worker_joined");
        await using var second = study.StartWorker(slots: 1);
        await Eventually.HoldsAsync("the program is asked", () => Directory.Exists(study.At("first")), study.Describe);
        var worker = study.Journal().First(static e => e.Type == "worker_joined").Number("pid");
        Signals.Send(worker, Signal.Kill);
        (await second.EndAsync(study.Describe)).Expect(0);
        Assert.Equal(24, study.Count("interval_completed"));
        Assert.DoesNotContain(study.Processes(), static p => p.CommandLine.Contains("explore.sh", StringComparison.Ordinal));
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(" 0 differ");
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_found_before_the_study_begins()
    {
        using var study = New(Half, "synchronous");
        study.Replace("[./explore.sh]", "[./explor.sh]");
        (await study.RunAsync()).Expect(2).Saying("explore.command").Saying("explor.sh");
        Assert.False(File.Exists(study.JournalPath));
    }

    private static Study New(string program, string mode) => new Study()
        .Script("train.sh", Trainers.Deterministic)
        .Script("explore.sh", program)
        .Spec(Trainers.Spec(population: 4, intervals: 6, mode: mode, seconds: 0.02, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }\nexplore: { strategy: command, command: [./explore.sh] }"));
}

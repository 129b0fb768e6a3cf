using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Requests;

/// <summary>Trainers that cannot work: the study ends as failed and says why.</summary>
public sealed class BadTrainerTests
{
    private const string Checkpoint = "echo 1 >\"$PBT_CHECKPOINT_OUT/state\"\n";

    [Theory]
    [InlineData(Checkpoint + "echo 'score=1' >\"$PBT_RESULT\"", "JSON")]
    [InlineData(Checkpoint + "echo '{\"score\": \"good\"}' >\"$PBT_RESULT\"", "score")]
    [InlineData(Checkpoint + "echo '{\"score\": NaN}' >\"$PBT_RESULT\"", "NaN")]
    [InlineData(Checkpoint + "echo '{\"score\": Infinity}' >\"$PBT_RESULT\"", "Infinity")]
    [InlineData(Checkpoint + "echo '{\"loss\": 1}' >\"$PBT_RESULT\"", "score")]
    [InlineData(Checkpoint + "echo done", "PBT_RESULT")]
    [InlineData("echo '{\"score\": 1}' >\"$PBT_RESULT\"", "checkpoint")]
    [InlineData(Checkpoint + "echo 'out of luck' >&2; exit 3", "exit code 3")]
    public async Task A_trainer_that_never_works_fails_the_study_with_the_reason(string script, string reason)
    {
        using var study = new Study()
            .Script("train.sh", script + "\n")
            .Spec(Trainers.Spec(population: 2, intervals: 2, trainer: "max_attempts: 2"));
        (await study.RunAsync(slots: 2)).Expect(1).Saying("The study failed: ", reason);
        (await study.PbtAsync("status", study.Dir)).Expect(0).Saying("failed", reason);
        var status = await study.StatusAsync();
        Assert.Equal("failed", status.GetProperty("state").GetString());
        Assert.Contains(reason, status.GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal(2, status.GetProperty("intervals").GetProperty("failed").GetInt32());
        Assert.Equal(4, study.Count("attempt_failed"));
    }
}

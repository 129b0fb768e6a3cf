using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class VerificationTests
{
    public static TheoryData<StudyMode, ScoreComparison> Modes => new()
    {
        { StudyMode.Asynchronous, ScoreComparison.Latest },
        { StudyMode.Asynchronous, ScoreComparison.SameInterval },
        { StudyMode.Synchronous, ScoreComparison.Latest },
    };

    [Theory]
    [MemberData(nameof(Modes))]
    public void Every_decision_of_a_log_follows_from_the_events_before_it(StudyMode mode, ScoreComparison compare)
    {
        var log = Log(mode, compare);
        var verification = new Verification();
        foreach (var recorded in log)
            verification.Verify(recorded);

        Assert.Empty(verification.Result.Differences);
        Assert.True(verification.Result.Decisions > 40);
    }

    [Fact]
    public void A_decision_that_was_tampered_with_is_found()
    {
        var log = Log(StudyMode.Synchronous, ScoreComparison.Latest);
        var index = log.FindIndex(static r => r.Event is MemberDecided { Action: MemberAction.Exploit });
        var decided = (MemberDecided)log[index].Event;
        var forged = new Hyperparameters([new("lr", HyperparameterValue.Of(0.05))]);
        log[index] = log[index] with { Event = decided with { Hyperparameters = forged } };
        var verification = new Verification();
        foreach (var recorded in log)
            verification.Verify(recorded);

        Assert.Contains(verification.Result.Differences, d => d.Version == log[index].Version);
    }

    private static List<RecordedEvent> Log(StudyMode mode, ScoreComparison compare)
    {
        var study = new TestStudy(TestStudy.AsynchronousSpec with { Mode = mode, Compare = compare, Population = 6 });
        study.Fail(study.Claim());
        var round = 0;
        while (!study.State.HasEnded)
        {
            round++;
            study.RunRound(member => ((member * 5) + round) % 6);
        }

        return [.. study.AllEvents()];
    }
}

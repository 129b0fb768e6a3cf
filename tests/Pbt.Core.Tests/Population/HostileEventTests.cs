using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Population;

/// <summary>Events that pbt did not write: the fold calls the log damaged before anything is done by them.</summary>
public sealed class HostileEventTests
{
    private static readonly WorkerId Worker = TestStudy.Worker;

    public static TheoryData<string, StudyEvent> Events() => new()
    {
        { "a worker's name that is a path", Joined("../../x") },
        { "an absolute path", Joined("/tmp/x") },
        { "no name", Joined("") },
        { "a line break", Joined("a\nb") },
        { "no slots", new WorkerJoined(new("w2"), "host", 1, null, 0, 0) },
        { "a member that is not there", new AttemptStarted(new(1), new(77), 1, Worker, null, 1) },
        { "a negative member", new AttemptStarted(new(1), new(-1), 1, Worker, null, 1) },
        { "an interval ahead of its time", new AttemptStarted(new(1), new(0), int.MaxValue, Worker, null, 1) },
        { "a negative attempt", new AttemptStarted(new(-5), new(0), 1, Worker, null, 1) },
        { "an attempt after which there are none", new AttemptStarted(new(long.MaxValue), new(0), 1, Worker, null, 1) },
        { "an attempt at a worker that is a path", new AttemptStarted(new(1), new(0), 1, new("../x"), null, 1) },
        { "a result of nothing", new IntervalCompleted(new(9), 1, 1, 1, [], ImmutableSortedDictionary<string, double>.Empty) },
        { "a decision for nobody", new MemberDecided(new(int.MaxValue), 0, MemberAction.Continue, null, null, null) },
        { "a member that retires and is no candidate", new MemberRetired(new(0), 0) },
        { "a candidate that is not there", new MemberRetired(new(77), 0) },
        { "a member out of turn", new MemberCreated(new(100_000), new([])) },
    };

    [Theory]
    [MemberData(nameof(Events))]
    public void A_log_with_such_an_event_is_damaged(string what, StudyEvent happened)
    {
        var state = new TestStudy(TestStudy.AsynchronousSpec).State;
        var error = Assert.Throws<DamagedStoreException>(() => state.Apply(new RecordedEvent(state.Version + 1, DateTimeOffset.UnixEpoch, happened)));
        Assert.True(error.Message.StartsWith("the study's log is damaged", StringComparison.Ordinal), $"{what}: {error.Message}");
    }

    [Fact]
    public void A_donor_that_is_not_there_makes_the_log_damaged()
    {
        var study = new TestStudy(TestStudy.SynchronousSpec);
        var attempt = study.Claim();
        var state = study.State;
        state.Apply(new RecordedEvent(state.Version + 1, DateTimeOffset.UnixEpoch, new IntervalCompleted(attempt.Attempt, 1, 10, 1, [], ImmutableSortedDictionary<string, double>.Empty)));
        Assert.Throws<DamagedStoreException>(() => state.Apply(new RecordedEvent(
            state.Version + 1, DateTimeOffset.UnixEpoch, new MemberDecided(attempt.Member, 1, MemberAction.Exploit, new MemberId(-4), null, null))));
    }

    private static WorkerJoined Joined(string name) => new(new(name), "host", 1, null, 0, 1);
}

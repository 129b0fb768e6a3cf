using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Tests.Population;

public sealed class LineageSegmentTests
{
    private static readonly CheckpointId Foreign = new(new MemberId(9), 5, new AttemptId(500));

    [Fact]
    public void No_intervals_have_no_segments() => Assert.Empty(LineageSegment.Of([]));

    [Fact]
    public void Intervals_that_go_on_from_each_other_are_one_segment() =>
        Assert.Equal(["1: 1 2 3"], Segments(Record(1, start: null), Record(2, Own(1)), Record(3, Own(2))));

    [Fact]
    public void Anothers_weights_begin_a_segment_and_so_do_older_ones_of_its_own() =>
        Assert.Equal(["1: 1 2", "2: 3", "3: 4"], Segments(Record(1, start: null), Record(2, Own(1)), Record(3, Foreign), Record(4, Own(1))));

    [Fact]
    public void A_failed_interval_leaves_what_it_started_from() =>
        Assert.Equal(["1: 1 2 3"], Segments(Record(1, start: null), Failed(2, Own(1)), Record(3, Own(1))));

    [Fact]
    public void A_rescue_begins_a_segment() =>
        Assert.Equal(["1: 1", "2: 2"], Segments(Failed(1, start: null), Record(2, Foreign)));

    [Fact]
    public void Inherited_hyperparameters_alone_begin_none() =>
        Assert.Equal(["1: 1 2"], Segments(Record(1, start: null), Record(2, Own(1)) with { Donor = Foreign.Member }));

    private static IEnumerable<string> Segments(params IntervalRecord[] history) =>
        LineageSegment.Of(history).Select(static segment => FormattableString.Invariant($"{segment.Number}: {string.Join(' ', segment.Intervals.Select(static r => r.Interval))}"));

    private static CheckpointId Own(int interval) => new(new MemberId(0), interval, new AttemptId(interval));

    private static IntervalRecord Failed(int interval, CheckpointId? start) => Record(interval, start) with { Score = null, Checkpoint = null };

    private static IntervalRecord Record(int interval, CheckpointId? start) => new()
    {
        Interval = interval,
        Attempt = new AttemptId(interval),
        Score = interval,
        Hyperparameters = Hyperparameters.Empty,
        Donor = null,
        Start = start,
        Checkpoint = Own(interval),
        Steps = 10,
        LineageSteps = interval * 10,
        Seconds = 1,
        Time = DateTimeOffset.UnixEpoch,
    };
}

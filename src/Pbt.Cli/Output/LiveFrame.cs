using System.Globalization;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Output;

/// <summary>One picture of a study that fits a terminal.</summary>
/// <remarks>A pure function of its arguments.</remarks>
internal sealed class LiveFrame(StudyState state, IReadOnlyList<News> news, TimeProvider time, int width, int height)
{
    private const int Trend = 12;
    private const int LeastMembers = 3;
    private const int LeastName = 8;
    private const string Quiet = "grey";

    private readonly List<string> _lines = [];

    /// <summary>The lines in Spectre's markup: none wider than the width, fewer than the height.</summary>
    public IReadOnlyList<string> Lines()
    {
        var now = time.GetUtcNow();
        var progress = StudyProgress.Of(state, now);
        Header(progress);
        Bar(progress);
        Add(Line());
        var below = Below();
        Members(Math.Max(LeastMembers, height - 1 - _lines.Count - below.Count));
        _lines.AddRange(below);
        return _lines.Count < height ? _lines : _lines.GetRange(0, Math.Max(1, height - 1));
    }

    private StyledLine Line() => new(width);

    private void Add(StyledLine line) => _lines.Add(line.ToString());

    private void Header(StudyProgress progress)
    {
        var clock = Words.Duration(progress.Active) + (progress.Left is { } left ? $", about {Words.Duration(left)} left" : string.Empty);
        var (phase, mode) = (Words.Lower(state.Phase), Words.Lower(state.Spec.Mode));

        // A long name gives way to the time that is left.
        var name = Words.Fit(state.Spec.Name, Math.Max(LeastName, width - phase.Length - mode.Length - clock.Length - 6));
        var line = Line().Add(name, "bold").Space(2).Add(phase, StyleOf(state.Phase)).Space(2).Add(mode, Quiet);
        Add(line.Space(Math.Max(2, line.Free - clock.Length)).Add(clock));
        if (state.EndReason is { } reason)
            Add(Line().Add(Words.OneLine(reason), StyleOf(state.Phase)));
    }

    private void Bar(StudyProgress progress)
    {
        var ended = progress.Budget is { } budget ? $"{progress.Ended}/{budget} intervals" : Words.Count(progress.Ended, "interval");
        var text = $"{ended}, {state.Attempts.Count} running, {Words.Count(state.Workers.Count, "worker")}";
        if (state.FailedIntervals > 0)
            text += $", {state.FailedIntervals} failed";

        if (progress.Fraction is not { } fraction)
        {
            Add(Line().Add(text));
            return;
        }

        var percent = string.Create(CultureInfo.InvariantCulture, $" {fraction * 100,3:0}%  ");
        var room = Math.Clamp(width - percent.Length - text.Length, 8, 60);
        var full = (int)(room * fraction);
        Add(Line().Add(new string('█', full), "green").Add(new string('░', room - full), Quiet).Space(1).Add(percent.Trim()).Space(2).Add(text));
    }

    private void Members(int rows)
    {
        var columns = Columns();
        var title = Line();
        title.Cell("member", columns.Member, Quiet).Space(2).Cell("state", 9, Quiet).Space(2).Cell("interval", columns.Interval, Quiet, isNumber: true)
            .Space(2).Cell("score", columns.Score, Quiet, isNumber: true).Space(2).Cell("donor", 5, Quiet).Space(2).Cell("trend", Trend, Quiet).Space(2);
        Add(title.Add("changed", Quiet));
        var ordered = state.Members
            .OrderBy(static m => m.Phase == MemberPhase.Retired)
            .ThenBy(static m => m.Latest is null)
            .ThenByDescending(m => m.Latest is { ComparedScore: { } score } ? state.Spec.Objective.Fitness(score) : 0)
            .ThenBy(static m => m.Id)
            .ToList();
        var shown = ordered.Count <= rows - 1 ? ordered.Count : Math.Max(1, rows - 2);
        foreach (var member in ordered.Take(shown))
            Member(member, columns);

        if (shown < ordered.Count)
            Add(Line().Add($"… {ordered.Count - shown} more", Quiet));
    }

    private (int Member, int Interval, int Score) Columns() => (
        Math.Max(6, state.Members.Count.ToString(CultureInfo.InvariantCulture).Length + 1),
        Math.Max(8, state.Members.Select(m => StudyText.IntervalOf(m, state).Length).DefaultIfEmpty().Max()),
        Math.Max(5, state.Members.Select(static m => Words.Score(m.Latest?.Score).Length).DefaultIfEmpty().Max()));

    private void Member(MemberState member, (int Member, int Interval, int Score) columns)
    {
        var isBest = state.Best?.Member == member.Id;
        var line = Line().Cell(member.Id.ToString(), columns.Member, isBest ? "bold green" : null).Space(2)
            .Cell(Words.Lower(member.Phase), 9, StyleOf(member.Phase)).Space(2)
            .Cell(StudyText.IntervalOf(member, state), columns.Interval, isNumber: true).Space(2)
            .Cell(Words.Score(member.Latest?.Score), columns.Score, isBest ? "bold green" : null, isNumber: true).Space(2)
            .Cell(Words.Member(member.LastDonor), 5).Space(2)
            .Cell(Sparkline.Of(member, Trend), Trend, "blue").Space(2);
        Add(line.Add(BriefValues.Of(ChangedOf(member), line.Free)));
    }

    /// <summary>The hyperparameters that the latest change of the member's has moved.</summary>
    private static IReadOnlyList<KeyValuePair<string, HyperparameterValue>> ChangedOf(MemberState member)
    {
        for (var i = member.History.Count - 1; i >= 0; i--)
        {
            var after = i + 1 < member.History.Count ? member.History[i + 1].Hyperparameters : member.Hyperparameters;
            var before = member.History[i].Hyperparameters;
            if (!after.Equals(before))
                return BriefValues.Changed(before, after);
        }

        return [];
    }

    /// <summary>What stands below the members: the best, and what happened last.</summary>
    private List<string> Below()
    {
        var below = new List<string> { string.Empty };
        if (state.Best is { } best)
        {
            below.Add(Line().Add("best", Quiet).Space(2).Add(StudyText.Best(best), "bold green").ToString());
            below.Add(Line().Space(6).Add($"checkpoints/{best.Record.Checkpoint}").ToString());
        }

        var room = height < 20 ? 2 : 5;
        if (news.Count > 0)
            below.Add(string.Empty);

        foreach (var item in RecentNews.Of(news, room))
            below.Add(Line().Add(ClockTime.TimeOfDay(item.Time, time), Quiet).Space(1).Add(item.Text, item.Kind == NewsKind.Failure ? "red" : null).ToString());

        return below;
    }

    private static string StyleOf(StudyPhase phase) => phase switch
    {
        StudyPhase.Running or StudyPhase.Completed => "green",
        StudyPhase.Failed => "red",
        StudyPhase.Paused or StudyPhase.Stopped => "yellow",
        _ => Quiet,
    };

    private static string? StyleOf(MemberPhase phase) => phase switch
    {
        MemberPhase.Running => "green",
        MemberPhase.Failed => "red",
        MemberPhase.Undecided => "yellow",
        MemberPhase.Retired => Quiet,
        _ => null,
    };
}

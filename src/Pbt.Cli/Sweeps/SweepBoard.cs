using Pbt.Cli.Output;
using Pbt.Core.Population;

namespace Pbt.Cli.Sweeps;

/// <summary>How a sweep stands at one moment.</summary>
/// <param name="Name">The sweep.</param>
/// <param name="Total">All runs that are meant.</param>
/// <param name="Completed">Those that are complete, before or by now.</param>
/// <param name="Failed">Those that have failed.</param>
/// <param name="Going">Those that go on now, each with how far it is in words.</param>
internal sealed record SweepProgress(string Name, int Total, int Completed, int Failed, IReadOnlyList<(string Run, string Text)> Going)
{
    /// <summary>The counts in words: <c>3 of 12 runs completed, 1 failed</c>.</summary>
    public string Counts => $"{Completed} of {Words.Count(Total, "run")} completed{(Failed > 0 ? $", {Failed} failed" : string.Empty)}";
}

/// <summary>Shows a sweep to a person while it runs.</summary>
/// <remarks>Called by one thread at a time.</remarks>
internal interface ISweepView
{
    /// <summary>Shows how it stands.</summary>
    /// <param name="progress">How it stands.</param>
    /// <param name="news">What has just happened, or null.</param>
    void Show(SweepProgress progress, string? news);
}

/// <summary>Gathers how all runs of a sweep go.</summary>
/// <remarks>Thread-safe.</remarks>
internal sealed class SweepBoard
{
    private readonly Lock _gate = new();
    private readonly List<(SweepRun Run, string Text)> _going = [];
    private readonly string _name;
    private readonly int _total;
    private readonly ISweepView _view;
    private readonly TimeProvider _time;
    private int _completed;
    private int _failed;

    /// <summary>A board that knows what has ended before.</summary>
    public SweepBoard(string name, IReadOnlyList<StandingRun> standing, ISweepView view, TimeProvider time)
    {
        (_name, _total, _view, _time) = (name, standing.Count, view, time);
        _completed = standing.Count(static s => s.State is RunState.Completed);
        _failed = standing.Count(static s => s.State is RunState.Failed);
    }

    /// <summary>Notes that a run's process has begun.</summary>
    public void Started(SweepRun run)
    {
        lock (_gate)
        {
            _going.Add((run, "starting"));
            Show($"{run.Name} started (log: {run.LogPath})");
        }
    }

    /// <summary>Notes how a run has ended.</summary>
    public void Ended(StandingRun ended)
    {
        lock (_gate)
        {
            _going.RemoveAll(g => g.Run == ended.Run);
            _completed += ended.State is RunState.Completed ? 1 : 0;
            _failed += ended.State is RunState.Failed ? 1 : 0;
            var detail = ended.State switch
            {
                RunState.Completed completed => $", best {Words.Score(completed.Run.Outcome.Best)}",
                RunState.Failed failed => $": {Words.Fit(Words.OneLine(failed.Reason), 200)}",
                RunState.Begun begun => $" and is not complete: {begun.Progress}",
                _ => string.Empty,
            };
            Show($"{ended.Run.Name} {(ended.State is RunState.Begun or RunState.New ? "has stopped" : ended.State.Word)}{detail}");
        }
    }

    /// <summary>A view of one study that tells this board.</summary>
    public IStudyView ViewOf(SweepRun run) => new RunView(this, run);

    private void Progressed(SweepRun run, StudyState state)
    {
        lock (_gate)
        {
            var at = _going.FindIndex(g => g.Run == run);
            if (at < 0)
                return;

            _going[at] = (run, ProgressWords.Of(state, _time.GetUtcNow()));
            Show(news: null);
        }
    }

    private void Show(string? news) => _view.Show(new(_name, _total, _completed, _failed, [.. _going.Select(static g => (g.Run.Name, g.Text))]), news);

    private sealed class RunView(SweepBoard board, SweepRun run) : IStudyView
    {
        public void Show(StudyState state, IReadOnlyList<News> news) => board.Progressed(run, state);

        public void End(StudyState state) => board.Progressed(run, state);
    }
}

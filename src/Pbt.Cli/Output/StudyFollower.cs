using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Output;

/// <summary>Follows a study's log and shows what it folds to.</summary>
/// <remarks>Reads without a lock, at most five times a second; the view is also called when a second passed without events, for its clock.</remarks>
/// <param name="time">The clock.</param>
/// <param name="patience">Waits for a store that is away; null to give up after a minute.</param>
internal sealed class StudyFollower(TimeProvider time, Patience? patience = null)
{
    private const int FirstNews = 5;
    private const int MostFailures = 60;

    private static readonly TimeSpan LeastPeriod = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ClockPeriod = TimeSpan.FromSeconds(1);

    /// <summary>Shows the study until it has ended or the token is cancelled, and returns the state last shown.</summary>
    /// <exception cref="InvalidRequestException">The log is empty.</exception>
    public async Task<StudyState> FollowAsync(OpenStudy study, IStudyView view, CancellationToken cancellationToken)
    {
        var state = new StudyState();
        var failures = 0;
        try
        {
            while (true)
            {
                try
                {
                    var isFirst = !state.Exists;
                    var news = await CatchUpAsync(study, state, cancellationToken);
                    if (!state.Exists)
                        throw new InvalidRequestException($"the study in {study.Directory.Root} was never created: its log is empty");

                    patience?.Recovered();
                    view.Show(state, isFirst ? RecentNews.Of(news, FirstNews) : news);
                    if (state.HasEnded)
                        break;

                    await Task.Delay(LeastPeriod, time, cancellationToken);
                    await WaitAsync(study, state.Version, cancellationToken);
                    failures = 0;
                }
                catch (TransientStoreException failure) when (patience is not null || ++failures < MostFailures)
                {
                    await (patience?.WaitAsync(failure, cancellationToken) ?? Task.Delay(ClockPeriod, time, cancellationToken));
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Nobody wants to watch any longer.
        }
        finally
        {
            if (state.Exists)
                view.End(state);
        }

        return state;
    }

    private static async Task<List<News>> CatchUpAsync(OpenStudy study, StudyState state, CancellationToken cancellationToken)
    {
        var news = new List<News>();
        await foreach (var recorded in study.Store.ReadAsync(state.Version, cancellationToken))
        {
            if (EventWords.Of(recorded, state) is { } said)
                news.Add(said);

            state.Apply(recorded);
        }

        return news;
    }

    private async Task WaitAsync(OpenStudy study, long version, CancellationToken cancellationToken)
    {
        using var clock = new CancellationTokenSource(ClockPeriod, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clock.Token, cancellationToken);
        try
        {
            await study.Store.WaitAsync(version, either.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // Time for the clock.
        }
    }
}

using Pbt.Core.Wording;

namespace Pbt.Dashboard.Views;

/// <summary>The latest events in words.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NewsFeed
{
    /// <summary>How many are kept: older ones are in the log, where <c>pbt watch</c> and exports read them.</summary>
    public const int Kept = 2_000;

    private readonly Queue<(long Version, News News)> _latest = new();

    /// <summary>How many there were in all.</summary>
    public long Count { get; private set; }

    /// <summary>Adds one.</summary>
    public void Add(long version, News news)
    {
        Count++;
        _latest.Enqueue((version, news));
        if (_latest.Count > Kept)
            _latest.Dequeue();
    }

    /// <summary>Those after a version that are still kept, oldest first.</summary>
    public IEnumerable<(long Version, News News)> After(long version) => _latest.SkipWhile(entry => entry.Version <= version);
}

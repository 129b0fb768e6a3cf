using Pbt.Core.Population;

namespace Pbt.Cli.Output;

/// <summary>Shows a study to a person while it runs.</summary>
/// <remarks>Called by one thread at a time, a few times a second at most.</remarks>
internal interface IStudyView
{
    /// <summary>Shows the study as it is now.</summary>
    /// <param name="state">The state; not kept.</param>
    /// <param name="news">What happened since the last call; at the first call, the last of what had happened before.</param>
    void Show(StudyState state, IReadOnlyList<News> news);

    /// <summary>Shows the study for the last time: it has ended, or nobody wants to watch any longer.</summary>
    void End(StudyState state);
}

using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage;

namespace Pbt.Cli;

/// <summary>Gets a study's state, without a lock.</summary>
internal static class StudyLoader
{
    /// <summary>The log's fold, up to its end as it is met.</summary>
    /// <exception cref="InvalidRequestException">The log is empty: the study was never created.</exception>
    public static async Task<StudyState> LoadAsync(OpenStudy study, CancellationToken cancellationToken)
    {
        var state = await study.Store.LoadAsync(cancellationToken);
        return state.Exists
            ? state
            : throw NeverCreated(study.Directory);
    }

    /// <summary>The error of a log that is empty.</summary>
    public static InvalidRequestException NeverCreated(StudyDirectory directory) =>
        new($"the study in {directory.Root} was never created: run `pbt run SPEC --dir {directory.Root}`");
}

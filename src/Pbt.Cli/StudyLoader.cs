using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli;

/// <summary>Reads a study's state from its log, without a lock.</summary>
internal static class StudyLoader
{
    /// <summary>Folds the log as it is met.</summary>
    /// <exception cref="InvalidRequestException">The log is empty: the study was never created.</exception>
    public static async Task<StudyState> LoadAsync(OpenStudy study, CancellationToken cancellationToken)
    {
        var state = new StudyState();
        await foreach (var recorded in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
            state.Apply(recorded);

        return state.Exists
            ? state
            : throw new InvalidRequestException($"the study in {study.Directory.Root} was never created: run `pbt run SPEC --dir {study.Directory.Root}`");
    }
}

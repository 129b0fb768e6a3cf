using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Leases;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Journal;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt verify --repair</c>: cuts a damaged journal to what is intact, and keeps a copy.</summary>
internal sealed class JournalRepairAction(CliServices services, StudyDirectory study)
{
    private ICheckpointStore _checkpoints = new DirectoryCheckpointStore(study);

    /// <summary>Repairs the journal of a directory, or only says what that would do.</summary>
    /// <exception cref="InvalidRequestException">It is no study's directory, or its workers are alive.</exception>
    /// <exception cref="DamagedStoreException">It cannot be repaired.</exception>
    public static Task<int> RunAsync(CliServices services, string directory, bool dryRun, bool asJson, CancellationToken cancellationToken)
    {
        if (directory.Contains("://", StringComparison.Ordinal) || File.Exists(new StudyDirectory(directory).Store))
            throw new InvalidRequestException("--repair mends the journal of a study's directory; a database looks after its own files: restore it from its backup");

        return new JournalRepairAction(services, new StudyDirectory(directory)).RunAsync(dryRun, asJson, cancellationToken);
    }

    private async Task<int> RunAsync(bool dryRun, bool asJson, CancellationToken cancellationToken)
    {
        var stored = await ListAsync(cancellationToken);
        if (!study.HasStudy)
            throw stored.Count > 0 ? Hopeless(stored, $"{study.Journal} is gone") : StudyCommand.NoStudyIn(study.Root);

        using var repair = JournalRepair.Open(study, services.Time, forRepair: !dryRun, () => services.Error.WriteLine(StudyStores.LockMessage(study)));
        var diagnosis = repair.Diagnosis;
        if (!diagnosis.State.Exists && (diagnosis.Condition == JournalCondition.Damaged || stored.Count > 0))
        {
            throw Hopeless(stored, diagnosis.Condition == JournalCondition.Damaged
                ? $"{study.Journal} is damaged at line {diagnosis.DamagedLine}, byte {diagnosis.DamagedOffset}, in the creation of the study: {diagnosis.What}"
                : $"{study.Journal} is empty");
        }

        if (StudyCheckpoints.InBucket(diagnosis.State, study, services.Time) is { } store)
        {
            _checkpoints = store;
            stored = await ListAsync(cancellationToken);
        }

        using var connection = _checkpoints as IDisposable;
        var report = await RepairReport.MakeAsync(study, diagnosis, stored, _checkpoints, cancellationToken);
        if (diagnosis.Condition == JournalCondition.Damaged && !dryRun)
        {
            await RefuseIfAliveAsync(diagnosis, cancellationToken);
            report = report with { Copy = repair.Apply(report.NextAttempt) };
            await CondemnMissingAsync(diagnosis.State, cancellationToken);
        }

        if (asJson)
            report.WriteJson(services.Out);
        else
            report.WriteText(services.Out);

        return diagnosis.Condition == JournalCondition.Damaged && dryRun ? ExitCode.Damaged : ExitCode.Done;
    }

    private async Task<List<StoredCheckpoint>> ListAsync(CancellationToken cancellationToken) =>
        await _checkpoints.ListAsync(cancellationToken).OrderBy(static found => found.Id.Attempt).ToListAsync(cancellationToken);

    /// <summary>Notes which checkpoints the shorter log needs in vain: they were deleted when the longer one no longer needed them.</summary>
    private async Task CondemnMissingAsync(StudyState kept, CancellationToken cancellationToken)
    {
        var missing = new List<CheckpointId>();
        foreach (var live in kept.LiveCheckpoints.OrderBy(static id => id.Attempt))
        {
            if (await _checkpoints.VerifyAsync(live, CheckpointCheck.Sizes, cancellationToken) is FetchResult.Missing)
                missing.Add(live);
        }

        if (missing.Count == 0)
            return;

        await using var store = JournalStore.Open(study, services.Time);
        await store.TransactAsync(
            transaction =>
            {
                foreach (var checkpoint in missing)
                    StudyScheduler.Condemn(transaction, checkpoint, "it was deleted before the log was repaired");

                return true;
            },
            cancellationToken);
    }

    private async Task RefuseIfAliveAsync(JournalDiagnosis diagnosis, CancellationToken cancellationToken)
    {
        var alive = await LiveWorkers.FindAsync(study, diagnosis.Workers, diagnosis.State.Spec.Lease, services.Time, cancellationToken);
        if (alive.Count == 0)
            return;

        var named = string.Join(", ", alive.Select(static w => $"{Words.OneLine(w.Worker.Value)} ({w.Evidence})"));
        throw new InvalidRequestException(
            $"nothing was repaired, since workers of the study are alive: {named}. What they complete after the damage would be cut: end them, and `pbt run`, then repair.");
    }

    /// <summary>The error of a study whose log is lost, with what is left of it.</summary>
    private DamagedStoreException Hopeless(List<StoredCheckpoint> stored, string what)
    {
        var published = stored.Where(static found => found.IsPublished).ToList();
        var copies = Directory.EnumerateFiles(study.Root, Path.GetFileName(study.Journal) + ".*").Order(StringComparer.Ordinal).ToList();
        var left = published.Count == 0
            ? "There are no checkpoints either."
            : $"There are {Words.Count(published.Count, "checkpoint")} of {Words.Count(published.Select(static p => p.Id.Member).Distinct().Count(), "member")}; the last written is "
                + $"{_checkpoints.Locate(published[^1].Id)}: a new study can start from it (`initial: {{ checkpoint: PATH }}`).";
        var beside = copies.Count == 0 ? string.Empty : $" Beside it there are {string.Join(", ", copies)}.";
        return new DamagedStoreException(
            $"{what}. It cannot be repaired: the journal alone says what the members did. Restore it from a copy.{beside} {left}");
    }
}

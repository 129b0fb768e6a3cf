using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage.Journal.Snapshots;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt verify</c>: recomputes every decision of a study from its log, and checks its checkpoints.</summary>
internal static class VerifyCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var noCheckpoints = new Option<bool>("--no-checkpoints") { Description = "Do not read the checkpoints." };
        var repair = new Option<bool>("--repair") { Description = "Cut a damaged journal to what is intact, after copying it, and say what is lost." };
        var dryRun = new Option<bool>("--dry-run") { Description = "With --repair: only say what would be cut." };
        var json = StudyCommand.JsonOption();
        var command = new Command("verify", "Recompute every recorded decision from the log, and compare every checkpoint with its manifest.")
        {
            directory, noCheckpoints, repair, dryRun, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(dryRun) && !result.GetValue(repair))
                result.AddError("--dry-run goes with --repair");
        });
        return command.Does(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(repair))
                return await JournalRepairAction.RunAsync(services, parsed.GetValue(directory)!, parsed.GetValue(dryRun), parsed.GetValue(json), cancellationToken);

            await using var study = await services.Open(parsed.GetValue(directory)!);
            var snapshot = SnapshotCheck.Open(study.Directory);
            var verification = await VerifyAsync(study, snapshot, cancellationToken);
            if (!verification.State.Exists)
                throw StudyCommand.NoStudyIn(study.Directory.Root);

            var checks = parsed.GetValue(noCheckpoints) ? null : await CheckpointAudit.RunAsync(study, verification.State, cancellationToken);
            var report = new VerificationReport(verification, checks);
            if (parsed.GetValue(json))
                report.WriteJson(services.Out);
            else
                report.WriteText(services.Out);

            if (snapshot?.Agrees == false)
                throw new DamagedStoreException($"{snapshot.Path} is not the fold of the log at version {snapshot.Version}, which itself is in order. Delete that file: it is only a cache, and is written anew.");

            return report.ExitCode;
        });
    }

    private static async Task<Verification> VerifyAsync(OpenStudy study, SnapshotCheck? snapshot, CancellationToken cancellationToken)
    {
        var verification = new Verification(await ProposedAsync(study, cancellationToken));
        await foreach (var recorded in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            verification.Verify(recorded);
            snapshot?.Note(verification.State);
        }

        return verification;
    }

    /// <summary>The decisions that were computed outside the store's lock; reads no further than the log's first event if its spec has none.</summary>
    private static async Task<List<MemberDecided>> ProposedAsync(OpenStudy study, CancellationToken cancellationToken)
    {
        var proposed = new List<MemberDecided>();
        await foreach (var recorded in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            if (recorded.Event is StudyCreated created && !new MemberDecisions(created.Spec).AreDeferred)
                break;

            if (Verification.ProposedBy(recorded) is { } decided)
                proposed.Add(decided);
        }

        return proposed;
    }
}

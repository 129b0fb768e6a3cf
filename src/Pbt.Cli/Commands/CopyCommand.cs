using System.CommandLine;
using Pbt.Cli.Completion;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Leases;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Hooks;
using Pbt.Storage.Postgres;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt copy</c>: copies a study into another store.</summary>
internal static class CopyCommand
{
    private static readonly TimeSpan LookPeriod = TimeSpan.FromMilliseconds(200);

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var source = new Argument<string>("SOURCE") { Description = "The study: its directory, or its database as postgres://user@host/database?study=NAME." }.CompletedByStudies();
        var destination = new Argument<string>("DEST") { Description = "Where to: a directory without a study, or a database as postgres://user@host/database[?study=NAME]." };
        var directory = new Option<string?>("--dir") { Description = "With a database as DEST: the new directory for the study's checkpoints and logs.", HelpName = "DIR" };
        var command = new Command("copy", "Copy a study into another store, and its checkpoints; the source stays as it is.") { source, destination, directory };
        return command.Does((parsed, cancellationToken) =>
            CopyAsync(services, parsed.GetValue(source)!, parsed.GetValue(destination)!, parsed.GetValue(directory), cancellationToken));
    }

    private static async Task<int> CopyAsync(CliServices services, string source, string destination, string? directory, CancellationToken cancellationToken)
    {
        var toDatabase = PostgresAddress.IsOne(destination);
        if (!toDatabase && directory is not null)
            throw new InvalidRequestException("--dir goes with a database as DEST; a directory as DEST holds everything");

        await using var study = await OpenAsync(services, source);
        var state = await StudyLoader.LoadAsync(study, cancellationToken);
        await RefuseLivingWorkersAsync(services, study, state, cancellationToken);
        var target = toDatabase ? directory is null ? null : new StudyDirectory(directory) : new StudyDirectory(destination);
        if (target is not null)
            RefuseUsed(target);

        var hasCheckpoints = state.Spec.Checkpoints.Store is null && !PostgresAddress.IsOne(source);
        IReadOnlyList<string> leftOut = [];
        if (target is not null && hasCheckpoints)
            leftOut = await CheckpointCopy.RunAsync(study, state.LiveCheckpoints, target, cancellationToken);

        var address = toDatabase ? AddressOf(destination, state.Spec.Name) : null;
        if (address is null)
            await StudyCopy.ToDirectoryAsync(study.Store, target!, cancellationToken);
        else
            await StudyCopy.ToPostgresAsync(study.Store, address, cancellationToken);

        if (address is not null && target is not null)
            address.WriteTo(target);

        if (target is not null && File.Exists(study.Directory.Spec))
            File.Copy(study.Directory.Spec, target.Spec, overwrite: true);

        await using var copy = address is null ? await services.Open(target!.Root) : await OpenAsync(services, address.ToString());
        await CompareAsync(copy, state, cancellationToken);
        if (!state.Spec.Hooks.IsEmpty && study.Hooks is { } done && copy.Hooks is { } hooks)
            await HookLedgers.CarryAsync(done, hooks, cancellationToken);

        Report(services, state, source, address?.ToString() ?? target!.Root, target, hasCheckpoints, leftOut.Count);
        foreach (var left in leftOut)
            services.Error.WriteLine($"pbt: not copied: {left}; the study falls back on an older one where it needs it");

        return ExitCode.Done;
    }

    private static Task<OpenStudy> OpenAsync(CliServices services, string source)
    {
        if (!PostgresAddress.IsOne(source))
            return services.Open(source);

        // Without a directory: what is below the one named here is never looked at.
        var address = PostgresAddress.Parse(source);
        var store = PostgresStudyStore.Open(address, services.Time);
        var nowhere = new StudyDirectory(Path.Combine(Path.GetTempPath(), "pbt-copy-has-no-directory"));
        return Task.FromResult(new OpenStudy(
            nowhere, store, new DirectoryCheckpointStore(nowhere), new(nowhere, services.Time), new PostgresHeartbeats(store.Workers, services.Time))
        {
            Hooks = store.Hooks,
        });
    }

    private static PostgresAddress AddressOf(string text, string name)
    {
        var address = PostgresAddress.Parse(text);
        return address.Study is null ? address.WithStudy(name) : address;
    }

    private static void RefuseUsed(StudyDirectory target)
    {
        if (File.Exists(target.Root) || (Directory.Exists(target.Root) && Directory.EnumerateFileSystemEntries(target.Root).Any()))
            throw new InvalidRequestException($"{target.Root} is not empty; name a directory that is empty or does not exist yet");
    }

    /// <summary>Refuses a study that is being worked on: what its workers still complete would be missing in the copy.</summary>
    private static async Task RefuseLivingWorkersAsync(CliServices services, OpenStudy study, StudyState state, CancellationToken cancellationToken)
    {
        var workers = state.Workers.Where(static w => !WorkerWatch.HasVanished(w)).ToList();
        if (workers.Count == 0)
            return;

        // Whether those on other hosts live shows within a lease; on this host it is seen at once.
        var ids = workers.ConvertAll(static w => w.Id);
        var first = await study.Heartbeats.ReadAllAsync(ids, cancellationToken);
        var began = services.Time.GetTimestamp();
        while (services.Time.GetElapsedTime(began) < state.Spec.Lease)
        {
            var now = await study.Heartbeats.ReadAllAsync(ids, cancellationToken);
            if (ids.Find(id => now.TryGetValue(id, out var counter) && (!first.TryGetValue(id, out var before) || before != counter)) is { Value: not null } alive)
                throw new InvalidRequestException($"worker {alive} is at work on the study: end its workers (Ctrl-C on `pbt run`, or `pbt stop`) before it is copied");

            await Task.Delay(LookPeriod, services.Time, cancellationToken);
        }
    }

    /// <summary>Reads the copy back and compares what it folds to.</summary>
    private static async Task CompareAsync(OpenStudy copy, StudyState state, CancellationToken cancellationToken)
    {
        var copied = await StudyLoader.LoadAsync(copy, cancellationToken);
        if (copied.Version != state.Version)
            throw new InvalidRequestException($"the source was changed while it was copied: the copy has {copied.Version} events, and it had {state.Version} before; remove the copy and copy again");

        if (!string.Equals(OutcomeDigest.Of(copied), OutcomeDigest.Of(state), StringComparison.Ordinal) || copied.LastTime != state.LastTime)
            throw new DamagedStoreException("the copy is not what the source is; do not use it");
    }

    private static void Report(CliServices services, StudyState state, string source, string destination, StudyDirectory? target, bool hasCheckpoints, int leftOut)
    {
        services.Out.WriteLine($"Copied {Words.Count((int)Math.Min(int.MaxValue, state.Version), "event")} of {state.Spec.Name} to {destination}; outcome digest {OutcomeDigest.Of(state)}.");
        if (state.Spec.Checkpoints.Store is { } store)
            services.Out.WriteLine($"Its checkpoints stay in {store.Address}, where both now look for them.");
        else if (target is not null && hasCheckpoints)
            services.Out.WriteLine($"Copied {Words.Count(state.LiveCheckpoints.Count - leftOut, "checkpoint")} to {target.Checkpoints}.");
        else if (state.LiveCheckpoints.Count > 0)
            services.Out.WriteLine($"No checkpoints were copied: {(hasCheckpoints ? "give a directory for them by --dir" : "name the study's directory as SOURCE to have them copied")}.");

        services.Out.WriteLine($"{source} is as it was: run only one of the two from now on.");
    }
}

using System.Collections.Immutable;
using System.CommandLine;
using Pbt.Cli.Completion;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Studies;
using Pbt.Storage;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt fork</c>: creates a study that goes on from an interval of another.</summary>
/// <remarks>
/// What the new study starts from is kept for good by the old one first; then the new one is created. Both are done only
/// where they are not done yet, so that the command can be run again after a crash.
/// </remarks>
internal static class ForkCommand
{
    private static readonly ImmutableArray<(string Section, string Reason)> Reserved =
    [
        ("population", "a fork has the members of its parent"),
        ("initial", "a fork's members begin as they were in its parent"),
        ("ancestor", "where a study comes from cannot be set"),
    ];

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var parent = new Argument<string>("DIR") { Description = "The directory of the study to go on from." }.CompletedByStudies();
        var at = new Option<int>("--at") { Description = "The generation, or the interval of each member, after which the new study begins.", Required = true, HelpName = "K" };
        var directory = new Option<string>("--dir") { Description = "The new study's directory.", Required = true, HelpName = "NEW" };
        var settings = SpecSettings.Option();
        var store = CommonOptions.Store();
        var umask = CommonOptions.FileModes();
        var command = new Command("fork", "Create a study that goes on from an interval of another, by reference to its checkpoints.") { parent, at, directory, settings, store, umask };
        return command.Does((result, cancellationToken) =>
        {
            var request = new Request(result.GetValue(parent)!, result.GetValue(at), new StudyDirectory(result.GetValue(directory)!), SpecSettings.Parse(result.GetValue(settings) ?? [], Reserved), result.GetValue(store));
            CommonOptions.Restrict(result.GetValue(umask));
            return ForkAsync(services, request, result.GetValue(umask), cancellationToken);
        });
    }

    private static async Task<int> ForkAsync(CliServices services, Request request, string? umask, CancellationToken cancellationToken)
    {
        StudyCreation.RefuseForeign(request.Target);
        await using var parent = await services.Open(request.Parent);
        if (string.Equals(parent.Directory.Root, request.Target.Root, StringComparison.Ordinal))
            throw new InvalidRequestException($"{request.Target.Root} is the study itself; give another --dir for the fork");

        var state = await StudyLoader.LoadAsync(parent, cancellationToken);
        var points = ForkPoints.Of(state, request.Interval);
        var made = Make(state, parent, points, request);
        await RefuseAnotherAsync(services, request.Target, made.Spec, cancellationToken);
        await ForkPoints.CheckAsync(parent, points, cancellationToken);

        ImmutableArray<CheckpointId> starts = [.. points.Select(static p => p.Checkpoint).OfType<CheckpointId>()];
        var fork = new StudyForked(made.Spec.Name, request.Target.Root, request.Interval, starts);
        var pinned = await parent.Store.TransactAsync(transaction => StudyScheduler.Fork(transaction, fork), CancellationToken.None);
        if (!pinned.Value.IsEmpty)
            throw new InvalidRequestException($"checkpoints of interval {request.Interval} were collected at this moment: {string.Join(", ", pinned.Value)}; choose another --at");

        var address = request.Store is { } text ? RunCommand.AddressOf(text, made.Spec.Name) : null;
        await using var study = await services.CreateOrOpen(request.Target.Root, address);
        CommonOptions.Remember(umask, request.Target);
        var opening = await StudyCreation.OpenAsync(study, made.Spec, new HashSet<string>(StringComparer.Ordinal), PbtVersion.Text, CancellationToken.None);
        if (opening is StudyOpening.Refused or StudyOpening.Changed)
            throw new InvalidRequestException($"{request.Target.Root} holds another study; give another --dir");

        StudyCreation.KeepText(study, made.Text);
        Report(services, request, made.Spec, state, opening is StudyOpening.Created, points);
        return ExitCode.Done;
    }

    private static SpecFile.Contents Make(StudyState state, OpenStudy parent, ImmutableArray<ForkPoint> points, Request request)
    {
        if (state.Spec.Budget.Intervals <= request.Interval && !request.Settings.Exists(static s => s.Key is "budget" or "budget.intervals"))
            throw new InvalidRequestException($"the parent's budget of {state.Spec.Budget.Intervals} intervals leaves none after interval {request.Interval}: --set budget.intervals=N gives the fork its own");

        var spec = ForkedSpec.Of(state.Spec, parent.Directory.Root, request.Interval, points, parent.Checkpoints.Locate);
        return SpecFile.Write(SpecSettings.Set(spec, request.Settings), "the new study has no valid spec");
    }

    /// <summary>Refuses a directory with another study, before the parent is told of the fork.</summary>
    private static async Task RefuseAnotherAsync(CliServices services, StudyDirectory target, StudySpec spec, CancellationToken cancellationToken)
    {
        if (!target.HasStudy)
            return;

        await using var there = await services.Open(target.Root);
        var state = await there.Store.LoadAsync(cancellationToken);
        if (state.Exists && SpecDifference.Between(state.Spec, spec).Count > 0)
            throw new InvalidRequestException($"{target.Root} holds the study {state.Spec.Name} already, which is not this fork; give another --dir");
    }

    private static void Report(CliServices services, Request request, StudySpec spec, StudyState parent, bool isNew, ImmutableArray<ForkPoint> points)
    {
        var target = request.Target.Root;
        if (isNew)
            services.Out.WriteLine($"Created {spec.Name} in {target}: {Words.Count(points.Length, "member")} of {parent.Spec.Name} as they were after interval {request.Interval}.");
        else
            services.Out.WriteLine($"{spec.Name} in {target} is there already; nothing was changed.");

        services.Out.WriteLine($"Its checkpoints stay in {request.Parent}, which keeps them for good. `pbt run {Path.Combine(target, "study.yaml")} --dir {target}` runs it.");
    }

    private sealed record Request(string Parent, int Interval, StudyDirectory Target, List<KeyValuePair<string, string>> Settings, string? Store);
}

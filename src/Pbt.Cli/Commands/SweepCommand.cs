using System.Collections.Immutable;
using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Cli.Sweeps;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;
using Pbt.Storage.Postgres;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt sweep</c>: runs the studies that one file names, some at a time, and reports them together.</summary>
internal static class SweepCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var options = new SweepOptions();
        var command = new Command("sweep", "Run the studies that one file names: a grid or a list over the values of specs, several seeds each.");
        options.AddTo(command);
        return command.Does((parsed, cancellationToken) => RunAsync(services, options, parsed, cancellationToken));
    }

    private static async Task<int> RunAsync(CliServices services, SweepOptions options, ParseResult parsed, CancellationToken cancellationToken)
    {
        var (json, umask, accepted) = (parsed.GetValue(options.Json), parsed.GetValue(options.Umask), parsed.GetValue(options.Accept) ?? []);
        CommonOptions.Restrict(umask);
        var plan = SweepPlan.Read(parsed.GetValue(options.File)!, parsed.GetValue(options.Directory), parsed.GetValue(options.Only) ?? []);
        var atOnce = parsed.GetValue(options.AtOnce) ?? plan.Sweep.AtOnce;
        var standings = new SweepStandings(services, accepted.ToHashSet(StringComparer.Ordinal));
        if (parsed.GetValue(options.Report))
        {
            Report(services, SweepReport.Of(plan, await standings.LookAsync(plan, cancellationToken), options.MeasureOf(parsed)), atOnce, json);
            return ExitCode.Done;
        }

        var standing = await standings.ReadAsync(plan, cancellationToken);
        var shares = SharesOf(standing, atOnce, parsed.GetValue(options.Slots));
        if (parsed.GetValue(options.DryRun))
        {
            if (json)
                JsonOutput.Write(services.Out, writer => SweepJson.Write(writer, plan, standing, atOnce, report: null));
            else
                SweepText.WritePreview(services.Out, plan, standing, shares, atOnce, services.Width);

            return ExitCode.Done;
        }

        var database = options.DatabaseOf(parsed);
        using var taken = SweepLock.Take(plan.Directory);
        IReadOnlyList<string> more = [.. accepted.SelectMany(static key => new[] { "--accept-change", key }), .. umask is null ? Array.Empty<string>() : ["--umask", umask]];
        standing = await LaunchAsync(services, plan, standing, shares, atOnce, run => [.. more, .. Store(plan, run, database)], parsed.GetValue(options.FailFast), json);
        if (services.IsInteractive && !json)
            services.Out.WriteLine();

        Report(services, SweepReport.Of(plan, standing, options.MeasureOf(parsed)), atOnce, json);
        return Conclude(services, standing);
    }

    private static async Task<ImmutableArray<StandingRun>> LaunchAsync(
        CliServices services, SweepPlan plan, ImmutableArray<StandingRun> standing, IReadOnlyList<MachineShare> shares, int atOnce, Func<SweepRun, IReadOnlyList<string>> more, bool failFast, bool json)
    {
        var outstanding = standing.Count(static s => s.IsOutstanding);
        services.Error.WriteLine($"pbt: {plan.Sweep.Name}: {outstanding} of {Words.Count(standing.Length, "run")} to do in {plan.Directory}, {SweepText.Sharing(shares, atOnce, outstanding)}");
        foreach (var note in SweepText.Strangers(plan))
            services.Error.WriteLine($"pbt: {note}");

        using var interruption = new Interruption();
        await using var saying = interruption.Stop.Register(() => services.Error.WriteLine(
            "pbt: stopping; no further run begins, and running intervals may go on for their studies' trainer.grace; Ctrl-C again ends them at once"));
        var board = new SweepBoard(plan.Sweep.Name, standing, SweepViews.For(services, json), services.Time);
        return await new SweepLaunch(services, board, more, failFast).RunAsync(standing, shares, interruption.Stop, interruption.Kill);
    }

    /// <summary>Where a run's events are to be: in the database that was given, or in the one that they are in.</summary>
    private static IReadOnlyList<string> Store(SweepPlan plan, SweepRun run, PostgresAddress? database) =>
        (database?.WithStudy($"{plan.Sweep.Name}/{run.Name}") ?? PostgresAddress.In(run.Place)) is { } address ? ["--store", address.ToString()] : [];

    /// <summary>What each of the runs that go on at one time may use of this machine; empty if there is nothing to run.</summary>
    private static ImmutableArray<MachineShare> SharesOf(ImmutableArray<StandingRun> standing, int atOnce, int? slots)
    {
        var specs = standing.Where(static s => s.IsOutstanding).Select(static s => s.Run.Spec).ToList();

        // What runs elsewhere takes nothing of this machine.
        var local = specs.Where(static spec => spec.Backend is LocalBackendSpec).ToList();
        if (local.Count == 0)
            return [.. Enumerable.Repeat(new MachineShare(slots, Gpus: null), Math.Min(atOnce, specs.Count))];

        return MachineShares.Objection(atOnce, local) is { } objection
            ? throw new InvalidRequestException(objection)
            : MachineShares.Divide(atOnce, slots, new GpuDetector().Detect(), Environment.ProcessorCount, local);
    }

    private static void Report(CliServices services, SweepReport report, int atOnce, bool json)
    {
        if (json)
            JsonOutput.Write(services.Out, writer => SweepJson.Write(writer, report.Plan, report.Standing, atOnce, report));
        else
            SweepText.WriteReport(services.Out, report, services.Width);
    }

    private static int Conclude(CliServices services, ImmutableArray<StandingRun> standing)
    {
        SweepText.WriteFailures(services.Error, standing);
        var failed = standing.Count(static s => s.State is RunState.Failed);
        var open = standing.Count(static s => s.IsOutstanding);
        if (failed > 0)
            services.Error.WriteLine($"pbt: {failed} of {Words.Count(standing.Length, "run")} failed{(open > 0 ? $", and {open} {(open == 1 ? "is" : "are")} not complete; the same command goes on with {(open == 1 ? "it" : "them")}" : string.Empty)}");
        else if (open > 0)
            services.Error.WriteLine("Interrupted; nothing is lost. Run the same command again to go on.");

        return failed > 0 ? ExitCode.StudyFailed : standing.All(static s => s.State is RunState.Completed) ? ExitCode.Done : ExitCode.Interrupted;
    }

    /// <summary>The arguments and options of the command.</summary>
    private sealed class SweepOptions
    {
        private readonly Option<string> _measure = CommonOptions.Measure();

        public SweepOptions()
        {
            Slots.Description = "Attempts at a time of all runs together on this machine; default: what GPUs or processors carry.";
            Store.Description = "Keep the events of the studies in this PostgreSQL database, each as SWEEP/NAME/seed-S: postgres://user@host/database.";
        }

        public Argument<string> File { get; } = new("SWEEP") { Description = "The sweep: a YAML file." };

        public Option<string?> Directory { get; } = new("--dir") { Description = "Where the runs are kept: DIR/NAME/seed-S; default runs/SWEEP. What is complete there is read, the rest goes on.", HelpName = "DIR" };

        public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Show every run, check every spec, and start nothing." };

        public Option<bool> Report { get; } = new("--report") { Description = "Report what is complete so far, and start nothing." };

        public Option<int?> AtOnce { get; } = new Option<int?>("--at-once") { Description = "How many runs go on at a time; default: the sweep's at_once, else 1.", HelpName = "K" }.AtLeast(1);

        public Option<int?> Slots { get; } = CommonOptions.Slots();

        public Option<string[]> Only { get; } = new("--only") { Description = "Only studies (NAME) or runs (NAME/seed-S) that match; * stands for any text. May be given several times.", HelpName = "PATTERN" };

        public Option<bool> FailFast { get; } = new("--fail-fast") { Description = "Begin no further run once one has failed. Default: the others go on." };

        public Option<string?> Store { get; } = CommonOptions.Store();

        public Option<string[]> Accept { get; } = CommonOptions.AcceptChange();

        public Option<string?> Umask { get; } = CommonOptions.FileModes();

        public Option<bool> Json { get; } = StudyCommand.JsonOption();

        public void AddTo(Command command)
        {
            command.Add(File);
            foreach (var option in (ReadOnlySpan<Option>)[Directory, Store, DryRun, Report, AtOnce, Slots, Only, FailFast, _measure, Accept, Umask, Json])
                command.Add(option);

            command.Validators.Add(result =>
            {
                if (result.GetValue(DryRun) && result.GetValue(Report))
                    result.AddError("--dry-run shows what is to be run, and --report what has been; give one of them");
            });
        }

        public PostgresAddress? DatabaseOf(ParseResult parsed)
        {
            if (parsed.GetValue(Store) is not { } text)
                return null;

            var address = PostgresAddress.Parse(text);
            return address.Study is null
                ? address
                : throw new InvalidRequestException("--store: each run of a sweep is a study of its own in the database; remove study=… from the address");
        }

        public Core.Comparisons.Measure MeasureOf(ParseResult parsed) => CommonOptions.MeasureOf(parsed.GetValue(_measure));
    }
}

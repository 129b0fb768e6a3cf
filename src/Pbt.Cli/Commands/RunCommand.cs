using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Studies;
using Pbt.Storage;
using Pbt.Storage.Postgres;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt run</c>: creates a study or takes it up, starts workers and watches.</summary>
internal static class RunCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var spec = new Argument<string>("SPEC") { Description = "The study's spec: a YAML file." };
        var directory = new Option<string?>("--dir") { Description = "The study's directory; default runs/NAME. A study that is there is resumed.", HelpName = "DIR" };
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var accept = CommonOptions.AcceptChange();
        var umask = CommonOptions.FileModes();
        var parent = ParentWatch.Option();
        var set = SpecSettings.Option();
        var backend = new Option<string?>("--backend") { Description = "What starts workers, in place of what the spec says: local, slurm, submit or ngc.", HelpName = "KIND" };
        backend.CompletionSources.Add([.. BackendSpec.Kinds]);
        var printOnly = new Option<bool>("--print-only") { Description = "Show what would be submitted to the backend, and do nothing." };
        var command = new Command("run", "Run a study: create it or take it up where it stopped, and train.")
        {
            spec, directory, backend, set, store, slots, accept, umask, printOnly, parent,
        };
        return command.Does(async (result, _) =>
        {
            var (read, text) = SpecFile.Read(result.GetValue(spec)!);
            List<KeyValuePair<string, string>> settings = [.. BackendSetting(read, result.GetValue(backend)), .. SpecSettings.Parse(result.GetValue(set) ?? [], reserved: [])];
            if (settings.Count > 0)
                read = SpecSettings.Set(read, settings);

            var request = new StudyRunRequest(read, text, new StudyDirectory(result.GetValue(directory) ?? Path.Combine("runs", read.Name)))
            {
                Store = result.GetValue(store) is { } address ? AddressOf(address, read.Name) : null,
                Slots = result.GetValue(slots),
                Accepted = result.GetValue(accept) ?? [],
                Umask = result.GetValue(umask),
                Parent = result.GetValue(parent),
                CompleteHint = "; use another --dir for a new one, or extend its budget",
            };
            var run = new StudyRun(services, request);
            if (!result.GetValue(printOnly))
                return await run.RunAsync((study, state, end) => Conclude(services, study, state, end));

            run.PrintOnly();
            return ExitCode.Done;
        });
    }

    /// <summary>What <c>--backend</c> sets: nothing where the spec says so already, so that its other keys stay.</summary>
    private static IEnumerable<KeyValuePair<string, string>> BackendSetting(StudySpec spec, string? kind) =>
        kind is null || string.Equals(kind, spec.Backend.Kind, StringComparison.Ordinal) ? [] : [new("backend", $"{{ kind: {kind} }}")];

    /// <summary>The address of a study in a database; by default its own name is the one it has there.</summary>
    public static PostgresAddress AddressOf(string text, string name)
    {
        var address = PostgresAddress.Parse(text);
        return address.Study is null ? address.WithStudy(name) : address;
    }

    /// <summary>Says how it ended; returns the exit code.</summary>
    public static int Conclude(CliServices services, OpenStudy study, StudyState state, RunEnd end)
    {
        if (state.Best is { } best)
        {
            services.Out.WriteLine();
            StudyText.WriteBest(services.Out, study, best, services.Width);
            StudyText.Field(services.Out, "more", $"pbt status, best, lineage or schedule {study.Directory.Root}", services.Width);
            services.Out.WriteLine();
        }

        switch (state.Phase)
        {
            case StudyPhase.Completed:
                services.Out.WriteLine($"The study is complete: {Words.Harmless(state.EndReason ?? string.Empty)}.");
                return ExitCode.Done;
            case StudyPhase.Failed:
                services.Error.WriteLine($"The study failed: {Words.Harmless(state.EndReason ?? string.Empty).TrimEnd('.')}.");
                if (state.Members.FirstOrDefault(static m => m.LastIntervalFailed) is { } member)
                    services.Error.WriteLine($"`pbt show {study.Directory.Root} {member.Id}` shows its attempts and the end of its log. Once that is mended, `pbt resume {study.Directory.Root}` and the same command go on.");

                return ExitCode.StudyFailed;
            case StudyPhase.Stopped:
                services.Out.WriteLine("The study was stopped.");
                return ExitCode.Interrupted;
            case var _ when end == RunEnd.Detached:
                services.Out.WriteLine($"Left the study; its workers go on. Run the same command again to watch it, or `pbt stop {study.Directory.Root}` to end it.");
                return ExitCode.Interrupted;
            default:
                services.Out.WriteLine("Interrupted; nothing is lost. Run the same command again to go on.");
                return ExitCode.Interrupted;
        }
    }
}

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
        var directory = new Option<string?>("--dir") { Description = "The study's directory; default runs/NAME. A study that is there is resumed." };
        var store = CommonOptions.Store();
        var slots = CommonOptions.Slots();
        var accept = new Option<string[]>("--accept-change") { Description = "Accept a change of this key in the spec of a study that is there.", HelpName = "KEY" };
        var umask = CommonOptions.FileModes();
        var command = new Command("run", "Run a study: create it or take it up where it stopped, and train.") { spec, directory, store, slots, accept, umask };
        return command.Does((result, _) =>
        {
            var read = SpecFile.Read(result.GetValue(spec)!);
            var study = new StudyDirectory(result.GetValue(directory) ?? Path.Combine("runs", read.Spec.Name));
            var address = result.GetValue(store) is { } text ? AddressOf(text, read.Spec.Name) : null;
            return RunAsync(services, read, study, address, result.GetValue(slots), result.GetValue(accept) ?? [], result.GetValue(umask));
        });
    }

    /// <summary>The address of a study in a database; by default its own name is the one it has there.</summary>
    public static PostgresAddress AddressOf(string text, string name)
    {
        var address = PostgresAddress.Parse(text);
        return address.Study is null ? address.WithStudy(name) : address;
    }

    /// <summary>Creates the study or takes it up, and runs it to its end; returns the exit code.</summary>
    public static async Task<int> RunAsync(
        CliServices services, SpecFile.Contents read, StudyDirectory directory, PostgresAddress? store, int? slots, string[] accepted, string? umask)
    {
        await CheckAsync(services, read.Spec, directory);
        Runners.OptionsFor(read.Spec, slots, services.Time);
        StudyCreation.RefuseForeign(directory);
        CommonOptions.Restrict(umask);
        await using var study = await services.CreateOrOpen(directory.Root, store);
        CommonOptions.Remember(umask, directory);
        var opening = await StudyCreation.OpenAsync(study, read.Spec, accepted.ToHashSet(StringComparer.Ordinal), PbtVersion.Text, CancellationToken.None);
        Announce(services, directory, opening);
        if (opening is StudyOpening.Resumed { Phase: StudyPhase.Completed })
            return Conclude(services, study, await StudyLoader.LoadAsync(study, CancellationToken.None));

        StudyCreation.KeepText(study, read.Text);
        using var interruption = new Interruption();
        await using var saying = interruption.Stop.Register(() => services.Error.WriteLine(
            $"pbt: stopping; running intervals may go on for {read.Spec.Trainer.Grace.TotalSeconds} s (trainer.grace), Ctrl-C again ends them at once"));
        var supervision = new Supervision(services, study, directory, slots);
        var state = await supervision.RunAsync(interruption.Stop, interruption.Kill);
        return Conclude(services, study, state);
    }

    /// <summary>Refuses what would make every attempt fail.</summary>
    private static async Task CheckAsync(CliServices services, StudySpec spec, StudyDirectory directory)
    {
        Func<int, bool>? hasWeights = null;
        if (directory.HasStudy && Enumerable.Range(0, spec.Population).Any(member => spec.StartOf(member) is not null))
        {
            // What members began with is not needed any more once they have weights of their own.
            await using var study = await services.Open(directory.Root);
            var members = (await study.Store.LoadAsync(CancellationToken.None)).Members;
            hasWeights = member => member < members.Count && members[member].Start is not null;
        }

        if (Preflight.Check(spec, hasWeights) is { Count: > 0 } problems)
            throw new InvalidRequestException($"the study cannot run:{Environment.NewLine}{string.Join(Environment.NewLine, problems)}");
    }

    /// <summary>Says what was found.</summary>
    /// <exception cref="InvalidRequestException">It cannot be run as it is.</exception>
    private static void Announce(CliServices services, StudyDirectory directory, StudyOpening opening)
    {
        switch (opening)
        {
            case StudyOpening.Refused refused:
                throw new InvalidRequestException(
                    $"{directory.Root} holds a study with another spec; nothing was changed:{Environment.NewLine}{string.Join(Environment.NewLine, refused.Reasons)}");
            case StudyOpening.Resumed { Phase: StudyPhase.Failed or StudyPhase.Stopped } ended:
                throw new InvalidRequestException(
                    $"the study in {directory.Root} has {(ended.Phase == StudyPhase.Failed ? "failed" : "been stopped")}; `pbt resume {directory.Root}` reopens it, then run again; or use another --dir for a new one");
            case StudyOpening.Resumed { Phase: StudyPhase.Completed }:
                services.Out.WriteLine($"The study in {directory.Root} is complete; use another --dir for a new one, or extend its budget.");
                break;
            case StudyOpening.Resumed { Phase: StudyPhase.Paused }:
                services.Out.WriteLine($"The study in {directory.Root} is paused; `pbt resume {directory.Root}` lets it go on.");
                break;
            case StudyOpening.Resumed:
                services.Out.WriteLine($"Taking up the study in {directory.Root}.");
                break;
            case StudyOpening.Changed changed:
                services.Out.WriteLine($"Taking up the study in {directory.Root} with changes: {string.Join("; ", changed.Changes)}.");
                break;
            default:
                services.Out.WriteLine($"Created the study in {directory.Root}.");
                break;
        }
    }

    private static int Conclude(CliServices services, OpenStudy study, StudyState state)
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
                services.Error.WriteLine($"The study failed: {Words.Harmless(state.EndReason ?? string.Empty)}.");
                return ExitCode.StudyFailed;
            case StudyPhase.Stopped:
                services.Out.WriteLine("The study was stopped.");
                return ExitCode.Interrupted;
            default:
                services.Out.WriteLine("Interrupted; nothing is lost. Run the same command again to go on.");
                return ExitCode.Interrupted;
        }
    }
}

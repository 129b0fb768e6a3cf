using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt schedule</c>: the hyperparameter schedule that PBT found.</summary>
internal static class ScheduleCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var member = Member();
        var export = new Option<string?>("--export") { Description = "Write it for programs; ray is Ray Tune's pbt_policy_*.txt. `pbt replay` reads each.", HelpName = "FORMAT" };
        export.AcceptOnlyFromAmong("yaml", "json", "csv", "ray");
        var file = new Option<string?>("--out") { Description = "With --export: the new file to write it to.", HelpName = "FILE" };
        var json = new Option<bool>("--json") { Description = "The same as --export json." };
        var command = new Command("schedule", "Show how the hyperparameters changed along the lineage of the best checkpoint, or of a member.") { directory, member, export, file, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(file) is not null && result.GetValue(export) is null && !result.GetValue(json))
                result.AddError("--out goes with --export");
        });
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var (owner, checkpoint) = Target(state, parsed.GetValue(member));
            var lineage = Lineage.Of(state, checkpoint);
            var format = parsed.GetValue(json) ? "json" : parsed.GetValue(export);
            if (parsed.GetValue(file) is { } path && lineage.Length > 0)
                Save(services, path, format!, state, owner, lineage);
            else if (format is not null)
                Write(services.Out, format, state, owner, lineage);
            else if (lineage.Length > 0)
                ScheduleText.Write(services.Out, Lineage.Schedule(lineage), services.Width);

            if (lineage.Length > 0)
                return ExitCode.Done;

            await services.Error.WriteLineAsync("pbt: no interval has completed yet, so there is no schedule");
            return ExitCode.StudyFailed;
        });
    }

    /// <summary>The option that names whose schedule is meant.</summary>
    public static Option<string?> Member() =>
        new("--member") { Description = "The member whose weights' schedule is meant; by default that of the best checkpoint.", HelpName = "M" };

    /// <summary>The weights whose schedule is meant, and whose they are; null before anything completed.</summary>
    public static (MemberId? Member, CheckpointId? Checkpoint) Target(StudyState state, string? member)
    {
        if (member is null)
            return (state.Best?.Member, state.Best?.Record.Checkpoint);

        var chosen = StudyCommand.Member(state, member);
        return (chosen.Id, chosen.Start);
    }

    private static void Save(CliServices services, string path, string format, StudyState state, MemberId? owner, ImmutableArray<LineageStep> lineage)
    {
        if (Path.Exists(path))
            throw new InvalidRequestException($"{path} exists already and is not overwritten: name another file");

        using (var file = new StreamWriter(new FileStream(path, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)))
            Write(file, format, state, owner, lineage);

        services.Out.WriteLine($"wrote {path}: {Words.Count(lineage.Length, "interval")}, {Words.Count(Lineage.Schedule(lineage).Length, "stretch", "stretches")}");
    }

    private static void Write(TextWriter output, string format, StudyState state, MemberId? owner, ImmutableArray<LineageStep> lineage)
    {
        switch (format)
        {
            case "json":
                JsonOutput.Write(output, writer => ScheduleFormats.WriteJson(writer, state, owner, lineage));
                break;
            case "yaml":
                ScheduleFormats.WriteYaml(output, Lineage.Schedule(lineage));
                break;
            case "csv":
                ScheduleFormats.WriteCsv(output, Lineage.Schedule(lineage), state.Spec.Hyperparameters);
                break;
            default:
                ScheduleFormats.WriteRay(output, lineage);
                break;
        }
    }
}

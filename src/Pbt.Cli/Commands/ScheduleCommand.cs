using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt schedule</c>: the hyperparameter schedule that PBT found.</summary>
internal static class ScheduleCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var member = new Option<string?>("--member") { Description = "The member whose weights' schedule is shown; by default that of the best checkpoint.", HelpName = "M" };
        var format = new Option<string>("--format") { Description = "How it is printed.", DefaultValueFactory = static _ => "text" };
        format.AcceptOnlyFromAmong("text", "yaml", "json", "csv");
        var json = new Option<bool>("--json") { Description = "The same as --format json." };
        var command = new Command("schedule", "Show how the hyperparameters changed along the lineage of the best checkpoint, or of a member.") { directory, member, format, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var state = await StudyLoader.LoadAsync(study, cancellationToken);
            var (owner, checkpoint) = Target(state, parsed.GetValue(member));
            var lineage = Lineage.Of(state, checkpoint);
            switch (parsed.GetValue(json) ? "json" : parsed.GetValue(format))
            {
                case "json":
                    JsonOutput.Write(services.Out, writer => ScheduleFormats.WriteJson(writer, state, owner, lineage));
                    break;
                case "yaml":
                    ScheduleFormats.WriteYaml(services.Out, Lineage.Schedule(lineage));
                    break;
                case "csv":
                    ScheduleFormats.WriteCsv(services.Out, Lineage.Schedule(lineage), state.Spec.Hyperparameters);
                    break;
                default:
                    if (lineage.Length > 0)
                        ScheduleText.Write(services.Out, Lineage.Schedule(lineage), services.Width);
                    break;
            }

            if (lineage.Length > 0)
                return ExitCode.Done;

            await services.Error.WriteLineAsync("pbt: no interval has completed yet, so there is no schedule");
            return ExitCode.StudyFailed;
        });
    }

    private static (MemberId? Member, CheckpointId? Checkpoint) Target(StudyState state, string? member)
    {
        if (member is null)
            return (state.Best?.Member, state.Best?.Record.Checkpoint);

        var chosen = StudyCommand.Member(state, member);
        return (chosen.Id, chosen.Start);
    }
}

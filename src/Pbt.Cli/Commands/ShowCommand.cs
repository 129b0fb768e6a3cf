using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt show</c>: one member's history.</summary>
internal static class ShowCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var member = new Argument<string>("MEMBER") { Description = "The member: 3 or m3." };
        var interval = new Option<int?>("--interval") { Description = "Show this interval only, with all its measurements and attempts.", HelpName = "K" };
        var json = StudyCommand.JsonOption();
        var command = new Command("show", "Show a member's history, its attempts and the end of its log.") { directory, member, interval, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var history = await LoadAsync(study, parsed.GetValue(member)!, parsed.GetValue(interval), cancellationToken);
            if (parsed.GetValue(json))
                JsonOutput.Write(services.Out, writer => MemberJson.Write(writer, study, history));
            else
                new MemberText(services.Out, services.Time, services.Width).Write(study, history);

            return ExitCode.Done;
        });
    }

    private static async Task<MemberHistory> LoadAsync(OpenStudy study, string name, int? interval, CancellationToken cancellationToken)
    {
        var state = await StudyLoader.LoadAsync(study, cancellationToken);
        var member = StudyCommand.Member(state, name);
        var attempts = new AttemptHistory(member.Id);
        await foreach (var recorded in study.Store.ReadAsync(afterVersion: 0, cancellationToken))
        {
            if (recorded.Version > state.Version)
                break;

            attempts.Note(recorded);
        }

        var shown = attempts.Attempts.Where(a => interval is null || a.Interval == interval).ToList();
        if (interval is { } one && shown.Count == 0)
            throw new InvalidRequestException($"{member.Id} has not begun interval {one}: it has ended {Words.Count(member.Intervals, "interval")}");

        return new MemberHistory(state, member, interval, [.. member.History.Where(r => interval is null || r.Interval == interval)], shown);
    }
}

using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary>What came of asking a study to change: a clause whose subject is the study.</summary>
internal sealed record ControlOutcome(bool Applied, string Text)
{
    /// <summary>It changed.</summary>
    public static ControlOutcome Done(string text) => new(Applied: true, text);

    /// <summary>It did not apply.</summary>
    public static ControlOutcome Refused(string text) => new(Applied: false, text);
}

/// <summary>What the commands that pause, resume and stop a study have in common.</summary>
internal static class ControlCommand
{
    /// <summary>Makes a command that changes a study in one transaction.</summary>
    /// <param name="services">The world.</param>
    /// <param name="name">The command's name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="change">The change.</param>
    /// <param name="afterwards">What is done once the change applies, or null.</param>
    public static Command Create(
        CliServices services, string name, string description, Func<StudyTransaction, ControlOutcome> change, Func<OpenStudy, CancellationToken, Task>? afterwards = null)
    {
        var directory = StudyCommand.DirectoryArgument();
        var command = new Command(name, description) { directory };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var committed = await study.Store.TransactAsync(
                transaction => transaction.State.Exists ? (transaction.State.Spec.Name, Outcome: change(transaction)) : default,
                cancellationToken);
            var (studyName, outcome) = committed.Value;
            if (studyName is null)
                throw StudyCommand.NoStudyIn(study.Directory.Root);

            if (!outcome.Applied)
                throw new InvalidRequestException($"{studyName} {outcome.Text}");

            await services.Out.WriteLineAsync($"{studyName} {outcome.Text}");
            if (afterwards is not null)
                await afterwards(study, cancellationToken);

            return ExitCode.Done;
        });
    }

    /// <summary>How and why a study has ended: <c>completed: every member completed 40 intervals</c>.</summary>
    public static string Ending(StudyState state) => $"{Words.Lower(state.Phase)}: {Words.OneLine(state.EndReason ?? "no reason given")}";
}

using System.CommandLine;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

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
}

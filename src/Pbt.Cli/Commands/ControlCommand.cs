using System.CommandLine;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;

namespace Pbt.Cli.Commands;

/// <summary>What the commands that pause, resume and stop a study have in common.</summary>
internal static class ControlCommand
{
    /// <summary>Makes a command that changes a study in one transaction.</summary>
    public static Command Create(CliServices services, string name, string description, Func<StudyTransaction, ControlOutcome> change)
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
            return ExitCode.Done;
        });
    }
}

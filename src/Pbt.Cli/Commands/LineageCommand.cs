using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt lineage</c>: where the current members' weights come from.</summary>
internal static class LineageCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services) =>
        StudyCommand.Reading(services, "lineage", "Show where the weights of every member come from, back to the initial members.", (_, state, asJson) =>
        {
            var tree = LineageTree.Of(state);
            if (asJson)
            {
                JsonOutput.Write(services.Out, writer => LineageJson.Write(writer, state, tree));
                return ExitCode.Done;
            }

            foreach (var line in LineageText.Lines(state, tree, services.Width))
                services.Out.WriteLine(line);

            return ExitCode.Done;
        });
}

using System.CommandLine;
using System.CommandLine.Help;
using Pbt.Cli.Commands;
using Pbt.Cli.Help;

namespace Pbt.Cli;

/// <summary>All commands of pbt.</summary>
internal static class PbtCommands
{
    /// <summary>Makes them.</summary>
    public static RootCommand Create(CliServices services)
    {
        var root = new RootCommand("Population Based Training of any training program: it loses nothing when anything dies.")
        {
            InitCommand.Create(services),
            ValidateCommand.Create(services),
            RunCommand.Create(services),
            WorkerCommand.Create(services),
            StatusCommand.Create(services),
            WatchCommand.Create(services),
            ShowCommand.Create(services),
            BestCommand.Create(services),
            LineageCommand.Create(services),
            ScheduleCommand.Create(services),
            ReplayCommand.Create(services),
            ForkCommand.Create(services),
            VerifyCommand.Create(services),
            SimulateCommand.Create(services),
            CompareCommand.Create(services),
            ExportCommand.Create(services),
            DashboardCommand.Create(services),
            ReportCommand.Create(services),
            SweepCommand.Create(services),
            PauseCommand.Create(services),
            ResumeCommand.Create(services),
            StopCommand.Create(services),
            GcCommand.Create(services),
            CopyCommand.Create(services),
            CompletionCommand.Create(services),
        };
        foreach (var help in root.Options.OfType<HelpOption>())
        {
            help.Action = new NotedHelpAction((HelpAction)help.Action!);

            // The forms of another system; here they are paths.
            help.Aliases.Remove("/?");
            help.Aliases.Remove("/h");
        }

        return root;
    }
}

using System.CommandLine;
using System.CommandLine.Help;
using Pbt.Cli;
using Pbt.Cli.Commands;
using Pbt.Core.Studies;
using Pbt.Runtime.Custom;
using Pbt.Storage;

try
{
    StrategyAssemblies.Register(Environment.GetEnvironmentVariable(StrategyAssemblies.Variable));
}
catch (PbtException error)
{
    await Console.Error.WriteLineAsync($"pbt: {error.Message}");
    return ExitCode.BadRequest;
}

var services = new CliServices(
    directory => StudyStores.OpenAsync(directory, TimeProvider.System),
    TimeProvider.System,
    Console.Out,
    Console.Error)
{
    CreateOrOpen = (directory, store) => StudyStores.CreateOrOpenAsync(directory, store, TimeProvider.System),
    Attach = (directory, store) => StudyStores.AttachAsync(new StudyDirectory(directory), store, create: false, TimeProvider.System),
    SelfCommand = SelfCommand.Find(),
    IsInteractive = !Console.IsOutputRedirected,
    Width = Console.IsOutputRedirected ? 80 : Math.Max(80, Console.WindowWidth),
};
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

// The forms of another system; here they are paths.
foreach (var help in root.Options.OfType<HelpOption>())
{
    help.Aliases.Remove("/?");
    help.Aliases.Remove("/h");
}

var parsed = root.Parse(args);
var exit = await parsed.InvokeAsync(Interruption.IsCaughtBy(parsed.CommandResult.Command) ? new() { ProcessTerminationTimeout = null } : new());
return parsed.Errors.Count > 0 ? ExitCode.BadRequest : exit;

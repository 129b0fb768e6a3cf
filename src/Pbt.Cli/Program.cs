using Pbt.Cli;
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
var root = PbtCommands.Create(services);
var parsed = root.Parse(args);
var exit = await parsed.InvokeAsync(Interruption.IsCaughtBy(parsed.CommandResult.Command) ? new() { ProcessTerminationTimeout = null } : new());
return parsed.Errors.Count > 0 ? ExitCode.BadRequest : exit;

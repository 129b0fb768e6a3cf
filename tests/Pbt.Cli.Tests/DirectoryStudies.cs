using System.CommandLine;
using Microsoft.Extensions.Logging.Abstractions;
using Pbt.Cli.Commands;
using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;
using Pbt.Runtime.Workers;

namespace Pbt.Cli.Tests;

/// <summary>Studies of a built-in trainer in directories of their own, run by a worker in this process; the folder is shown as ROOT.</summary>
internal sealed class DirectoryStudies : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-cli-").FullName;

    public static StudySpec Spec { get; } = new()
    {
        Name = "parent",
        Seed = 3,
        Population = 4,
        Mode = StudyMode.Synchronous,
        Objective = new Objective("q", Goal.Maximize),
        Interval = new IntervalLength(20, null),
        Budget = new Budget(Intervals: 6),
        Hyperparameters = new SearchSpace([new FloatHyperparameter("h", 1e-4, 1.1, Scale.Linear)]),
        Exploit = new TruncationExploit(0.25, 0.25),
        Trainer = new BuiltinTrainerSpec("deceptive"),
        Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1, Every: 2),
    };

    public string At(string name) => Path.Combine(_root, name);

    /// <summary>Creates a study, unless it is there, and runs it to its end.</summary>
    public async Task<StudyState> RunStudyAsync(string name, StudySpec? spec = null)
    {
        await using var study = await StudyStores.CreateOrOpenAsync(At(name), store: null, TimeProvider.System);
        var there = await study.Store.LoadAsync(CancellationToken.None);
        if (!there.Exists)
            await StudyCreation.OpenAsync(study, spec ?? Spec, new HashSet<string>(StringComparer.Ordinal), "test", CancellationToken.None);

        var options = Runners.OptionsFor(there.Exists ? there.Spec : spec ?? Spec, slots: 1, TimeProvider.System);
        await new Worker(study, options, TimeProvider.System, NullLogger.Instance).RunAsync(CancellationToken.None, CancellationToken.None);
        return await study.Store.LoadAsync(CancellationToken.None);
    }

    public async Task<StudyState> LoadAsync(string name)
    {
        await using var study = await StudyStores.OpenAsync(At(name), TimeProvider.System);
        return await study.Store.LoadAsync(CancellationToken.None);
    }

    /// <summary>Runs a command line in this process; a name after <c>@</c> stands for its path.</summary>
    public async Task<Printed> RunAsync(params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var services = new CliServices(directory => StudyStores.OpenAsync(directory, TimeProvider.System), TimeProvider.System, output, error)
        {
            CreateOrOpen = static (directory, store) => StudyStores.CreateOrOpenAsync(directory, store, TimeProvider.System),
        };
        var root = new RootCommand("test")
        {
            ForkCommand.Create(services), ReplayCommand.Create(services), RunCommand.Create(services), StatusCommand.Create(services), ShowCommand.Create(services),
            LineageCommand.Create(services), VerifyCommand.Create(services), GcCommand.Create(services),
        };
        var line = arguments.Select(a => a.StartsWith('@') ? At(a[1..]) : a).ToList();
        var exit = await root.Parse(line).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return new Printed(exit, Shown(output), Shown(error));
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private string Shown(TextWriter text) => text.ToString()!.Replace(_root, "ROOT", StringComparison.Ordinal);
}

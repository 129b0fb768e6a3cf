using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Dashboard.Http;
using Pbt.Storage;
using Pbt.Storage.Journal;

namespace Pbt.Dashboard.Tests;

/// <summary>A study with a journal in a temporary directory, driven by hand: its trainers are the test.</summary>
internal sealed class DrivenStudy : IAsyncDisposable
{
    private readonly MemberDecisions _decisions;

    private DrivenStudy(StudySpec spec, TimeProvider time)
    {
        Spec = spec;
        _decisions = new MemberDecisions(spec);
        Directory = new StudyDirectory(System.IO.Directory.CreateTempSubdirectory("pbt-dashboard-").FullName);
        Store = JournalStore.Create(Directory, time);
    }

    /// <summary>A name that is markup, and would run if it were taken for it.</summary>
    public const string Markup = "<img src=x onerror=\"window.harmed=1\"><script>window.harmed=1</script>";

    public static WorkerId Worker { get; } = new("worker-1");

    public static StudySpec Default { get; } = new()
    {
        Name = "driven",
        Seed = 11,
        Population = 4,
        Objective = new Objective("reward", Goal.Maximize),
        Interval = new IntervalLength(1000, null),
        Budget = new Budget(Intervals: 40),
        Hyperparameters = new SearchSpace(
        [
            new FloatHyperparameter("learning_rate", 1e-5, 1e-2, Scale.Log),
            new FloatHyperparameter("gamma", 0.9, 0.9999, Scale.OneMinusLog),
            new IntHyperparameter("epochs", 1, 10, Scale.Linear),
            new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]),
            new BoolHyperparameter("normalize"),
        ]),
        Exploit = new TruncationExploit(0.25, 0.25),
        Trainer = new CommandTrainerSpec { Command = [new CommandArgument(["train"], Droppable: false)], WorkingDirectory = "/tmp" },
        Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
    };

    /// <summary>The same with markup in every text that a spec may hold; names of studies and hyperparameters may hold none.</summary>
    public static StudySpec Hostile { get; } = Default with
    {
        Name = "hostile",
        Objective = new Objective(Markup, Goal.Maximize),
        Hyperparameters = new SearchSpace(
        [
            new FloatHyperparameter("learning_rate", 1e-5, 1e-2, Scale.Log),
            new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of(Markup), HyperparameterValue.Of("</td><i>y")]),
        ]),
    };

    public StudySpec Spec { get; }

    public StudyDirectory Directory { get; }

    public JournalStore Store { get; }

    public WatchedStudy Watched => new(Directory, Store, static _ => true);

    public static async Task<DrivenStudy> CreateAsync(StudySpec? spec = null, string host = "node1", TimeProvider? time = null)
    {
        var study = new DrivenStudy(spec ?? Default, time ?? TimeProvider.System);
        await study.TransactAsync(transaction =>
        {
            StudyScheduler.Create(transaction, study.Spec, "test");
            StudyScheduler.Join(transaction, new WorkerState(Worker, host, 1, BootId: null, StartTime: 0, Slots: 4));
            return true;
        });
        return study;
    }

    public Task<DashboardServer> ServeAsync(params DrivenStudy[] others) => DashboardServer.StartAsync(
        [Watched, .. others.Select(static other => other.Watched)], new DashboardOptions(System.Net.IPAddress.Loopback, Port: 0), TimeProvider.System, CancellationToken.None);

    public async Task<T> TransactAsync<T>(Func<StudyTransaction, T> decide) => (await Store.TransactAsync(decide)).Value;

    public async Task<Assignment> ClaimAsync() =>
        Assert.IsType<ClaimResult.Claimed>(await TransactAsync(static t => StudyScheduler.Claim(t, Worker, held: null))).Assignment;

    public Task CompleteAsync(Assignment assignment, double score) => ReportAsync(
        assignment,
        new AttemptResult.Completed(score, 1000, TimeSpan.FromSeconds(10), [], ImmutableSortedDictionary<string, double>.Empty.Add("loss", 1 / (1 + Math.Abs(score))).Add(Markup, score)));

    public Task FailAsync(Assignment assignment, string reason) =>
        ReportAsync(assignment, new AttemptResult.Failed(FailureKind.Crashed, reason, LogTail: null));

    public Task ReportAsync(Assignment assignment, AttemptResult result) =>
        TransactAsync(t => StudyScheduler.Report(t, Worker, assignment.Attempt, result, _decisions));

    /// <summary>Runs an interval of each member; the function gives the score of a member at a round.</summary>
    public async Task<DrivenStudy> RunRoundsAsync(int rounds, Func<int, int, double>? scoreOf = null)
    {
        for (var round = 1; round <= rounds; round++)
        {
            var assignments = new List<Assignment>();
            for (var i = 0; i < Spec.Population; i++)
                assignments.Add(await ClaimAsync());

            foreach (var assignment in assignments)
                await CompleteAsync(assignment, scoreOf?.Invoke(assignment.Member.Value, round) ?? (10 * Math.Log(1 + round)) + Math.Sin((assignment.Member.Value * 7) + round));
        }

        return this;
    }

    /// <summary>Writes the log of an attempt.</summary>
    public string WriteLog(Assignment assignment, string text)
    {
        var path = Directory.LogOf(new CheckpointId(assignment.Member, assignment.Interval, assignment.Attempt));
        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    public async ValueTask DisposeAsync()
    {
        await Store.DisposeAsync();
        System.IO.Directory.Delete(Directory.Root, recursive: true);
    }
}

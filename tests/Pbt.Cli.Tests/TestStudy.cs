using System.Collections.Immutable;
using System.CommandLine;
using System.Text.Json.Nodes;
using Pbt.Cli.Commands;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Leases;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Metrics;

namespace Pbt.Cli.Tests;

/// <summary>What a command printed and returned; the study's directory is shown as DIR.</summary>
internal sealed record Printed(int Exit, string Out, string Error)
{
    public JsonNode Json => JsonNode.Parse(Out)!;
}

/// <summary>A study whose log is in memory and whose files are in a temporary directory, driven by hand.</summary>
internal sealed class TestStudy : IDisposable
{
    private readonly MemberDecisions _decisions;
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-cli-").FullName;

    public TestStudy(StudySpec? spec = null, bool isCreated = true)
    {
        Spec = spec ?? Default;
        _decisions = new MemberDecisions(Spec);
        Store = new TestLog(Time);
        var directory = new StudyDirectory(_root);
        Open = new OpenStudy(directory, Store.Open(), new DirectoryCheckpointStore(directory), new MetricsLog(directory, Time), new FileHeartbeats(directory));
        if (!isCreated)
            return;

        Store.Transact(transaction =>
        {
            StudyScheduler.Create(transaction, Spec, "test");
            return true;
        });
        Join(Worker);
    }

    public static WorkerId Worker { get; } = new("w1");

    public static StudySpec Default { get; } = new()
    {
        Name = "demo",
        Seed = 11,
        Population = 4,
        Objective = new Objective("score", Goal.Maximize),
        Interval = new IntervalLength(1000, null),
        Budget = new Budget(Intervals: 6),
        Hyperparameters = new SearchSpace(
        [
            new FloatHyperparameter("learning_rate", 1e-5, 1e-2, Scale.Log),
            new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]),
        ]),
        Exploit = new TruncationExploit(0.25, 0.25),
        Trainer = new BuiltinTrainerSpec("plain"),
        Checkpoints = new CheckpointPolicy(KeepLast: 1, KeepBest: 1),
    };

    public StudySpec Spec { get; }

    public FixedTime Time { get; } = new();

    public TestLog Store { get; }

    public OpenStudy Open { get; }

    public StudyState State => Store.State;

    public void Join(WorkerId worker) => Store.Transact(transaction =>
    {
        StudyScheduler.Join(transaction, new WorkerState(worker, "node1", 1, BootId: null, StartTime: 0, Slots: 4));
        return true;
    });

    public Assignment Claim() =>
        Assert.IsType<ClaimResult.Claimed>(Store.Transact(static t => StudyScheduler.Claim(t, Worker, held: null))).Assignment;

    public void Complete(Assignment assignment, double score) => Report(
        assignment,
        new AttemptResult.Completed(score, 1000, TimeSpan.FromSeconds(10), [score - 1, score + 1], ImmutableSortedDictionary<string, double>.Empty.Add("loss", 0.5)));

    public void Fail(Assignment assignment, string reason) =>
        Report(assignment, new AttemptResult.Failed(FailureKind.Crashed, reason, LogTail: null));

    public void Report(Assignment assignment, AttemptResult result) =>
        Store.Transact(t => StudyScheduler.Report(t, Worker, assignment.Attempt, result, _decisions));

    /// <summary>Runs one interval of every ready member in ten seconds; the function gives the score, NaN a failure.</summary>
    public void RunRound(Func<int, double> score)
    {
        var assignments = new List<Assignment>();
        while (assignments.Count < Spec.FirstMembers && Store.Transact(static t => StudyScheduler.Claim(t, Worker, held: null)) is ClaimResult.Claimed { Assignment: var claimed })
            assignments.Add(claimed);

        Time.Now += TimeSpan.FromSeconds(10);
        foreach (var assignment in assignments)
        {
            if (double.IsNaN(score(assignment.Member.Value)))
                Fail(assignment, "the trainer ended with code 1");
            else
                Complete(assignment, score(assignment.Member.Value));
        }
    }

    /// <summary>Rounds in which a member's score grows with its index and with time, but the last member falls behind at once.</summary>
    public TestStudy RunRounds(int rounds)
    {
        for (var round = 1; round <= rounds; round++)
            RunRound(member => round + (member == Spec.Population - 1 ? -round : member / 10.0));

        return this;
    }

    /// <summary>A synchronous study after four generations: m3 took m2's weights, m0 and m1 m3's, and m2 m1's.</summary>
    public static TestStudy Branching()
    {
        var study = new TestStudy(Default with { Mode = StudyMode.Synchronous });
        study.RunRound(static member => member == 3 ? 0 : 1 + (member / 10.0));
        study.RunRound(static member => member switch { 0 => 0, 3 => 5, _ => 2 + (member / 10.0) });
        study.RunRound(static member => member switch { 1 => 0, 3 => 6, _ => 3 + (member / 10.0) });
        study.RunRound(static member => member switch { 0 => 7, 1 => 8, 2 => 0, _ => 6.5 });
        return study;
    }

    /// <summary>Publishes a checkpoint with one file of this many bytes.</summary>
    public async Task PublishAsync(CheckpointId id, int bytes)
    {
        await File.WriteAllBytesAsync(Path.Combine(Open.Checkpoints.Stage(id), "weights"), new byte[bytes]);
        Assert.IsType<PublishResult.Published>(await Open.Checkpoints.PublishAsync(id));
    }

    /// <summary>Publishes every checkpoint that the log says is needed.</summary>
    public async Task<TestStudy> WithCheckpointsAsync()
    {
        foreach (var id in State.LiveCheckpoints)
            await PublishAsync(id, bytes: 10);

        return this;
    }

    /// <summary>Runs a command line in this process.</summary>
    public Task<Printed> RunAsync(params string[] arguments) => RunAsync(CancellationToken.None, arguments);

    /// <summary>Runs a command line in this process until it ends or is cancelled.</summary>
    public async Task<Printed> RunAsync(CancellationToken cancellationToken, params string[] arguments)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var services = new CliServices(_ => Task.FromResult(Open with { Store = Store.Open() }), Time, output, error);
        var exit = await Root(services).Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return new Printed(exit, Shown(output), Shown(error));
    }

    public string Shown(TextWriter text) => text.ToString()!.Replace(_root, "DIR", StringComparison.Ordinal);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    /// <summary>Every command that works without processes.</summary>
    public static RootCommand Root(CliServices services) => new("test")
    {
        InitCommand.Create(services),
        ValidateCommand.Create(services),
        StatusCommand.Create(services),
        ShowCommand.Create(services),
        BestCommand.Create(services),
        LineageCommand.Create(services),
        ScheduleCommand.Create(services),
        ReplayCommand.Create(services),
        VerifyCommand.Create(services),
        PauseCommand.Create(services),
        ResumeCommand.Create(services),
        StopCommand.Create(services),
        GcCommand.Create(services),
        WatchCommand.Create(services),
        CompareCommand.Create(services),
        ExportCommand.Create(services),
    };
}

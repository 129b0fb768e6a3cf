using System.Collections.Concurrent;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Tests.Processes;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Trainers.Session;

namespace Pbt.Runtime.Tests.Trainers.Session;

/// <summary>A real trainer process that speaks the session protocol as a script tells it, and the runner that it belongs to.</summary>
internal sealed class ScriptedTrainer : IAsyncDisposable
{
    /// <summary>What every script begins with: words for what trainers say, and a file of what they hear.</summary>
    private const string Prelude = """
        import json, os, signal, socket, sys, time
        s = socket.socket(socket.AF_UNIX)
        s.connect(os.environ["PBT_SOCKET"])
        incoming = s.makefile("r", encoding="utf-8")
        def raw(data): s.sendall(data)
        def say(type, **fields): raw((json.dumps({"type": type, **fields}) + "\n").encode())
        def hello(**fields): say("hello", **{"protocol": 1, **fields})
        def note(text): open("heard", "a").write(text + "\n")
        def hear(*types):
            for line in incoming:
                note(line.strip())
                message = json.loads(line)
                if message["type"] in types: return message
            sys.exit(0)
        def save(start): open(start["checkpoint_out"] + "/w", "w").write("w")
        def of(start): return {"attempt": start["attempt"], "member": start["member"]}
        def complete(start, **fields):
            save(start)
            say("completed", **{**of(start), "score": 1, **fields})
        def serve():
            while True:
                message = hear("start", "stop")
                if message["type"] == "stop": sys.exit(0)
                complete(message)
        note(json.dumps({"type": "started", "pid": os.getpid()}))

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("pbt-test-").FullName;
    private readonly ConcurrentQueue<JsonElement> _progress = [];
    private readonly SessionRunner _runner;
    private int _attempts;

    public ScriptedTrainer(string script, int places = 1, Func<SessionTrainerSpec, SessionTrainerSpec>? change = null, bool speaks = true)
    {
        File.WriteAllText(Path.Combine(_directory, "trainer.py"), speaks ? Prelude + script : script);
        var trainer = new SessionTrainerSpec
        {
            Command = [new(["python3"], Droppable: false), new(["trainer.py"], Droppable: false)],
            WorkingDirectory = _directory,
            StartTimeout = TimeSpan.FromMinutes(2),
            Grace = TimeSpan.FromSeconds(30),
        };
        Spec = TestSpecs.Command("none") with { Trainer = change is null ? trainer : change(trainer) };
        _runner = new SessionRunner(guard: null, places, TimeProvider.System);
    }

    /// <summary>The study's spec.</summary>
    public StudySpec Spec { get; set; }

    /// <summary>The runner of the slot.</summary>
    public IAttemptRunner Runner => _runner;

    /// <summary>The progress that was kept.</summary>
    public IReadOnlyList<JsonElement> Progress => [.. _progress];

    /// <summary>What the trainers have heard so far, and a line for each that was started.</summary>
    public IReadOnlyList<JsonElement> Heard => File.Exists(At("heard"))
        ? [.. File.ReadAllLines(At("heard")).Select(static line => JsonDocument.Parse(line).RootElement)]
        : [];

    /// <summary>The processes that were started, in order.</summary>
    public IReadOnlyList<int> Started => [.. Of("started").Select(static m => m.GetProperty("pid").GetInt32())];

    /// <summary>Waits for what the trainer does.</summary>
    public static Task UntilAsync(Func<bool> condition, string what) => Eventually.BecomesTrueAsync(condition, () => $"not yet: {what}", TimeSpan.FromMinutes(2));

    /// <summary>The log of an attempt.</summary>
    public string LogOf(int attempt) => File.Exists(At($"{attempt}.log")) ? File.ReadAllText(At($"{attempt}.log")) : string.Empty;

    /// <summary>The messages of a type that the trainers have heard.</summary>
    public IReadOnlyList<JsonElement> Of(string type) =>
        [.. Heard.Where(m => string.Equals(m.GetProperty("type").GetString(), type, StringComparison.Ordinal))];

    /// <summary>Runs the next attempt.</summary>
    public Task<TrainerOutcome> RunAsync(
        int member = 2, int interval = 5, CheckpointId? from = null, int place = 0, bool isHeld = false, CancellationToken interrupt = default, CancellationToken kill = default)
    {
        var attempt = Interlocked.Increment(ref _attempts);
        var hyperparameters = new Hyperparameters([new("lr", HyperparameterValue.Of(0.001)), new("optimizer", HyperparameterValue.Of("adam"))]);
        return _runner.RunAsync(
            new AttemptContext
            {
                Spec = Spec,
                Assignment = new Assignment(new AttemptId(attempt), new MemberId(member), interval, hyperparameters, from, Seed: 1234),
                CheckpointIn = from is null ? null : At("in"),
                CheckpointOut = Directory.CreateDirectory(At($"out{attempt}")).FullName,
                LogPath = At($"{attempt}.log"),
                TrainerLogPath = At($"trainer{attempt}.log"),
                ScratchPath = Directory.CreateDirectory(At($"scratch{attempt}")).FullName,
                SlotEnvironment = new Dictionary<string, string>(StringComparer.Ordinal),
                Progress = lines =>
                {
                    foreach (var line in lines)
                        _progress.Enqueue(line);
                },
                Place = place,
                IsHeld = isHeld,
            },
            interrupt,
            kill);
    }

    /// <summary>Runs the next attempt, which is to fail.</summary>
    public async Task<TrainerOutcome.Failed> FailAsync() => Assert.IsType<TrainerOutcome.Failed>(await RunAsync());

    /// <summary>Runs the next attempt, which is to be completed.</summary>
    public async Task<TrainerResult> CompleteAsync() => Assert.IsType<TrainerOutcome.Completed>(await RunAsync()).Result;

    public async ValueTask DisposeAsync()
    {
        await _runner.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private string At(string name) => Path.Combine(_directory, name);
}

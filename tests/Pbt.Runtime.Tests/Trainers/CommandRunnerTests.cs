using System.Globalization;
using System.Text.Json;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Tests.Processes;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Runtime.Tests.Trainers;

public sealed class CommandRunnerTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("pbt-test-").FullName;
    private readonly List<JsonElement> _progress = [];

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_result_file_gives_the_score()
    {
        var outcome = await RunAsync(TestSpecs.Shell("echo noise; echo '{\"score\": 2.5, \"samples\": [1, 4]}' > $PBT_RESULT"));
        var result = Assert.IsType<TrainerOutcome.Completed>(outcome).Result;
        Assert.Equal(2.5, result.Score);
        Assert.Equal<double>([1, 4], result.Samples);
    }

    [Fact]
    public async Task The_last_line_that_is_a_json_object_gives_the_score()
    {
        var outcome = await RunAsync(TestSpecs.Shell("echo '{\"score\": 1}'; echo '{\"score\": 2}'; echo done"));
        Assert.Equal(2, Assert.IsType<TrainerOutcome.Completed>(outcome).Result.Score);
    }

    [Theory]
    [InlineData("return ([-0-9.e]+)", 7.5)]
    [InlineData("(?<unit>return) (?<score>[-0-9.e]+)", 7.5)]
    public async Task A_regular_expression_gives_the_score(string pattern, double expected)
    {
        var spec = TestSpecs.Shell("echo return 3; echo return 7.5; echo bye").WithTrainer(t => t with { Score = new RegexScore(pattern) });
        Assert.Equal(expected, Assert.IsType<TrainerOutcome.Completed>(await RunAsync(spec)).Result.Score);
    }

    [Fact]
    public async Task A_regular_expression_that_finds_nothing_is_said_so()
    {
        var spec = TestSpecs.Shell("echo nothing").WithTrainer(static t => t with { Score = new RegexScore("return ([0-9]+)") });
        Assert.Contains("finds", Assert.IsType<TrainerOutcome.Failed>(await RunAsync(spec)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_score_can_come_from_a_second_program_that_sees_the_checkpoint()
    {
        var spec = TestSpecs.Shell("echo 42 > $PBT_CHECKPOINT_OUT/weights; echo '{\"score\": 1}'") with
        {
            Evaluate = new EvaluateSpec
            {
                Command = [.. new[] { "/bin/sh", "-c", "echo \"{{\\\"score\\\": $(cat {checkpoint_out}/weights)}}\" > $PBT_RESULT" }.Select(static a => new CommandArgument([a], Droppable: false))],
            },
        };
        Assert.Equal(42, Assert.IsType<TrainerOutcome.Completed>(await RunAsync(spec)).Result.Score);
    }

    [Fact]
    public async Task An_evaluation_that_fails_fails_the_attempt()
    {
        var spec = TestSpecs.Shell("true") with { Evaluate = new EvaluateSpec { Command = [new CommandArgument(["false"], Droppable: false)] } };
        Assert.Contains("the evaluation ended with exit code 1", Assert.IsType<TrainerOutcome.Failed>(await RunAsync(spec)).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_ends_with_an_error_fails_and_its_last_lines_are_shown()
    {
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(TestSpecs.Shell("echo out; echo 'ImportError: no torch' >&2; exit 3")));
        Assert.Equal(FailureKind.Crashed, failed.Kind);
        Assert.Contains("exit code 3", failed.Reason, StringComparison.Ordinal);
        Assert.EndsWith("ImportError: no torch", failed.LogTail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kill -KILL $$", FailureKind.Killed)]
    [InlineData("kill -TERM $$", FailureKind.Killed)]
    [InlineData("sh -c 'kill -KILL $$'; exit $?", FailureKind.Killed)]
    [InlineData("kill -SEGV $$", FailureKind.Crashed)]
    [InlineData("exit 127", FailureKind.Crashed)]
    public async Task A_signal_from_outside_is_told_from_an_error(string script, FailureKind kind) =>
        Assert.Equal(kind, Assert.IsType<TrainerOutcome.Failed>(await RunAsync(TestSpecs.Shell(script))).Kind);

    [Fact]
    public async Task A_program_that_gives_no_score_fails_and_is_told_how_to()
    {
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(TestSpecs.Shell("echo hello")));
        Assert.Equal(FailureKind.InvalidResult, failed.Kind);
        Assert.Contains("$PBT_RESULT", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_said_so()
    {
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(TestSpecs.Command("/no/such/program")));
        Assert.Equal(FailureKind.NotStarted, failed.Kind);
        Assert.Contains("/no/such/program", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_ended_with_all_its_children()
    {
        var spec = TestSpecs.Shell("sleep 1000 & echo $! > " + _directory + "/child; sleep 1000").WithTrainer(static t => t with { Timeout = TimeSpan.FromMilliseconds(300) });
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(spec));
        Assert.Equal(FailureKind.TimedOut, failed.Kind);
        AssertGone(int.Parse(File.ReadAllText(Path.Combine(_directory, "child")), CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task What_a_program_leaves_running_is_ended_with_it()
    {
        await RunAsync(TestSpecs.Shell("sleep 1000 & echo $! > " + _directory + "/child; echo '{\"score\": 1}'"));
        var child = int.Parse(File.ReadAllText(Path.Combine(_directory, "child")), CultureInfo.InvariantCulture);
        await Eventually.BecomesTrueAsync(() => !IsRunning(child), () => $"process {child} to end", TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_interrupted_program_is_ended()
    {
        using var interrupt = new CancellationTokenSource();
        var spec = TestSpecs.Shell("echo $$ > " + _directory + "/pid; sleep 1000");
        var running = RunAsync(spec, interrupt: interrupt.Token);
        await Eventually.BecomesTrueAsync(() => File.Exists(Path.Combine(_directory, "pid")), () => "the program to start", TimeSpan.FromSeconds(10));
        await interrupt.CancelAsync();
        Assert.IsType<TrainerOutcome.Interrupted>(await running);
    }

    [Theory]
    [InlineData("mkfifo $PBT_RESULT", "a pipe")]
    [InlineData("mkdir $PBT_RESULT", "a directory")]
    [InlineData("ln -s /dev/zero $PBT_RESULT", "a symbolic link")]
    [InlineData("echo '{\"score\": 5}' > secret; ln -s $PWD/secret $PBT_RESULT", "a symbolic link")]
    [InlineData("truncate -s 10G $PBT_RESULT", "has 10737418240 bytes; at most 1048576 are read")]
    [InlineData("head -c 1048577 /dev/zero | tr '\\0' ' ' > $PBT_RESULT", "has 1048577 bytes; at most 1048576 are read")]
    [InlineData("printf '\\377\\376{' > $PBT_RESULT", "is no JSON")]
    [InlineData("yes '[' | head -c 100000 > $PBT_RESULT", "is no JSON")]
    [InlineData("printf '{\"score\": 1}%70000s\\n' x", "printed no JSON object on a line of its own")]
    [InlineData("(printf '{\"a\": '; head -c 70000 /dev/zero | tr '\\0' ' '; echo '{\"score\": 1}}')", "in the last 64 KiB")]
    [InlineData("rm {log}; mkfifo {log}", "gave no score")]
    [InlineData("rm {log}; ln -s /dev/zero {log}", "gave no score")]
    public async Task What_is_no_fit_result_fails_the_attempt_at_once_and_is_said(string script, string message)
    {
        var spec = TestSpecs.Shell("cd " + _directory + "; " + script.Replace("{log}", Path.Combine(_directory, "log"), StringComparison.Ordinal));
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(spec).WaitAsync(TimeSpan.FromSeconds(60)));
        Assert.Equal(FailureKind.InvalidResult, failed.Kind);
        Assert.Contains(message, failed.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mkfifo {log}")]
    [InlineData("ln -s $PWD/secret {log}")]
    [InlineData("mkdir {log}")]
    public async Task What_a_trainer_puts_in_its_logs_place_is_removed_before_the_evaluation_prints(string script)
    {
        var log = Path.Combine(_directory, "log");
        var spec = TestSpecs.Shell("cd " + _directory + "; echo kept > secret; rm {log}; ".Replace("{log}", log, StringComparison.Ordinal) + script.Replace("{log}", log, StringComparison.Ordinal)) with
        {
            Evaluate = new EvaluateSpec { Command = [new CommandArgument(["echo"], Droppable: false), new CommandArgument(["{{\"score\": 4}}"], Droppable: false)] },
        };
        Assert.Equal(4, Assert.IsType<TrainerOutcome.Completed>(await RunAsync(spec).WaitAsync(TimeSpan.FromSeconds(60))).Result.Score);
        Assert.Equal("kept\n", File.ReadAllText(Path.Combine(_directory, "secret")));
    }

    [Theory]
    [InlineData("mkfifo $PBT_METRICS")]
    [InlineData("ln -s /dev/zero $PBT_METRICS")]
    [InlineData("mkdir $PBT_METRICS")]
    [InlineData("truncate -s 10G $PBT_METRICS")]
    [InlineData("printf '{\"a\": \"\\\\ud800\"}\\n{\"\\\\udc00\": 1}\\n{\"a\": \"\\377\"}\\n' > $PBT_METRICS")]
    [InlineData("(printf '{\"a\": '; yes '[' | tr -d '\\n' | head -c 40; yes ']' | tr -d '\\n' | head -c 40; echo '}') > $PBT_METRICS")]
    [InlineData("(printf '{\"a\": \"'; head -c 70000 /dev/zero | tr '\\0' 'x'; echo '\"}') > $PBT_METRICS")]
    public async Task Progress_that_cannot_be_taken_is_passed_over_and_the_attempt_completes(string script)
    {
        var outcome = await RunAsync(TestSpecs.Shell(script + "; echo '{\"score\": 1}' > $PBT_RESULT")).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.IsType<TrainerOutcome.Completed>(outcome);
        Assert.Empty(_progress);
    }

    [Theory]
    [InlineData("(a+)+b", "head -c 40000 /dev/zero | tr '\\0' a")]
    [InlineData("(?:a|aa|aaa)+?(a*)*c", "head -c 60000 /dev/zero | tr '\\0' a")]
    public async Task A_regular_expression_that_hostile_output_makes_endless_is_given_up(string pattern, string script)
    {
        var spec = TestSpecs.Shell(script).WithTrainer(t => t with { Score = new RegexScore(pattern) });
        var failed = Assert.IsType<TrainerOutcome.Failed>(await RunAsync(spec).WaitAsync(TimeSpan.FromSeconds(90)));
        Assert.Contains("takes more than 5 s to search", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_is_not_started_without_a_variable_that_the_spec_takes_from_here()
    {
        var spec = TestSpecs.Shell("touch " + _directory + "/started").WithTrainer(static t => t with
        {
            Environment = System.Collections.Immutable.ImmutableSortedDictionary<string, VariableValue>.Empty.Add("KEY", new FromEnvironmentValue("PBT_TEST_NOT_SET")),
        });
        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => RunAsync(spec));
        Assert.Contains("trainer.env.KEY: the environment variable PBT_TEST_NOT_SET", error.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(Path.Combine(_directory, "started")));
    }

    [Fact]
    public async Task Hostile_values_arrive_unchanged()
    {
        const string Hostile = "-a b'c\"d=;$(touch x)\n{é}\\";
        var space = new SearchSpace([new CategoricalHyperparameter("h", [HyperparameterValue.Of(Hostile)])]);
        var spec = TestSpecs.Command("python3", "-c", "import json,os,sys; json.dump([sys.argv[1], os.environ['X'], json.load(open(os.environ['PBT_HYPERPARAMETERS']))['h']], open(os.environ['PBT_RESULT'] + '.seen', 'w'))", "{h}")
            .WithTrainer(static t => t with { Environment = TestSpecs.Variables(("X", "{h}")) }) with
        { Hyperparameters = space };
        var context = Context(spec) with { Assignment = Assignment(new Hyperparameters([new("h", HyperparameterValue.Of(Hostile))])) };
        await Runner().RunAsync(context, CancellationToken.None, CancellationToken.None);
        var seen = JsonSerializer.Deserialize<string[]>(File.ReadAllText(Path.Combine(context.ScratchPath, "result.json.seen")));
        Assert.Equal([Hostile, Hostile, Hostile], seen!);
    }

    [Fact]
    public async Task The_program_is_told_everything_that_the_contract_names()
    {
        var spec = TestSpecs.Shell("env | grep ^PBT_ | sort > $PBT_RESULT.env; echo '{\"score\": 1}'");
        var context = Context(spec) with { CheckpointIn = "/in" };
        await Runner().RunAsync(context, CancellationToken.None, CancellationToken.None);
        var seen = File.ReadAllLines(Path.Combine(context.ScratchPath, "result.json.env"))
            .Select(static line => line.Split('=', 2))
            .ToDictionary(static pair => pair[0], static pair => pair[1]);
        Assert.Equal("/in", seen["PBT_CHECKPOINT_IN"]);
        Assert.Equal(context.CheckpointOut, seen["PBT_CHECKPOINT_OUT"]);
        Assert.Equal(("10", "", "1234", "2", "5"), (seen["PBT_STEPS"], seen["PBT_SECONDS"], seen["PBT_SEED"], seen["PBT_MEMBER"], seen["PBT_INTERVAL"]));
        Assert.Equal("""{"lr":0.001}""", File.ReadAllText(seen["PBT_HYPERPARAMETERS"]));
    }

    [Fact]
    public void A_group_is_dropped_when_its_placeholder_is_empty()
    {
        CommandArgument[] command = [new(["train"], false), new(["--resume", "{checkpoint_in}"], true), new(["{{literal}}"], false)];
        Assert.Equal(["train", "{literal}"], Placeholders.Fill(command, Values("")));
        Assert.Equal(["train", "--resume", "/c", "{literal}"], Placeholders.Fill(command, Values("/c")));
        static Dictionary<string, string> Values(string checkpoint) => new(StringComparer.Ordinal) { ["checkpoint_in"] = checkpoint };
    }

    [Fact]
    public async Task Progress_lines_are_taken_in_and_bad_ones_passed_over()
    {
        await RunAsync(TestSpecs.Shell("echo '{\"step\": 1}' >> $PBT_METRICS; echo nonsense >> $PBT_METRICS; printf '{\"step\": 2}' >> $PBT_METRICS; echo '{\"score\": 1}'"));
        Assert.Equal([1, 2], _progress.Select(static line => line.GetProperty("step").GetInt32()));
    }

    private static bool IsRunning(int pid) => Directory.Exists($"/proc/{pid}") && !File.ReadAllText($"/proc/{pid}/stat").Contains(") Z", StringComparison.Ordinal);

    private static void AssertGone(int pid) => Assert.False(IsRunning(pid), $"process {pid} still runs");

    private static Assignment Assignment(Hyperparameters hyperparameters) =>
        new(new AttemptId(1), new MemberId(2), 5, hyperparameters, CheckpointIn: null, Seed: 1234);

    private static CommandRunner Runner() => new(guard: null, TimeProvider.System);

    private Task<TrainerOutcome> RunAsync(StudySpec spec, CancellationToken interrupt = default) =>
        Runner().RunAsync(Context(spec), interrupt, CancellationToken.None);

    private AttemptContext Context(StudySpec spec) => new()
    {
        Spec = spec,
        Assignment = Assignment(new Hyperparameters([new("lr", HyperparameterValue.Of(0.001))])),
        CheckpointIn = null,
        CheckpointOut = Directory.CreateDirectory(Path.Combine(_directory, "out")).FullName,
        LogPath = Path.Combine(_directory, "log"),
        TrainerLogPath = Path.Combine(_directory, "trainer.log"),
        ScratchPath = Directory.CreateDirectory(Path.Combine(_directory, "scratch")).FullName,
        SlotEnvironment = new Dictionary<string, string>(StringComparer.Ordinal),
        Progress = _progress.AddRange,
    };
}

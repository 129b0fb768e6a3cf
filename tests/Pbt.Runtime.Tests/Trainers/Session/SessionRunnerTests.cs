using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Tests.Trainers.Session;

/// <summary>Trainers that keep to the session protocol.</summary>
public sealed class SessionRunnerTests
{
    private static readonly CheckpointId Other = new(new MemberId(7), 4, new AttemptId(99));

    [Fact]
    public async Task One_process_trains_interval_after_interval()
    {
        await using var trainer = new ScriptedTrainer("hello(); serve()");
        for (var i = 0; i < 5; i++)
            Assert.Equal(1, (await trainer.CompleteAsync()).Score);

        Assert.Single(trainer.Started);
        Assert.Equal(5, trainer.Of("start").Count);
    }

    [Fact]
    public async Task The_trainer_is_told_everything_about_the_interval()
    {
        await using var trainer = new ScriptedTrainer("hello(); serve()");
        await trainer.RunAsync(member: 2, interval: 5, Other);

        Assert.Equal("test", trainer.Of("welcome").Single().GetProperty("study").GetString());
        var start = trainer.Of("start").Single();
        Assert.Equal(
            """{"lr":0.001,"optimizer":"adam"}""", start.GetProperty("hyperparameters").GetRawText().Replace(" ", string.Empty, StringComparison.Ordinal));
        Assert.Equal((1, 0, 2, 5), (start.GetProperty("attempt").GetInt64(), start.GetProperty("place").GetInt32(), start.GetProperty("member").GetInt32(), start.GetProperty("interval").GetInt32()));
        Assert.Equal((10, 1234), (start.GetProperty("steps").GetInt64(), start.GetProperty("seed").GetInt32()));
        Assert.Equal("null", start.GetProperty("seconds").GetRawText());
        Assert.EndsWith("/in", start.GetProperty("checkpoint_in").GetString(), StringComparison.Ordinal);
        Assert.EndsWith("/out1", start.GetProperty("checkpoint_out").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_member_that_exploited_is_told_the_donors_checkpoint_and_to_load_it()
    {
        await using var trainer = new ScriptedTrainer("hello(); serve()");
        await trainer.RunAsync(member: 2, interval: 5, Other);

        var start = trainer.Of("start").Single();
        Assert.True(start.GetProperty("reload").GetBoolean());
        Assert.Equal((7, 4), (start.GetProperty("from").GetProperty("member").GetInt32(), start.GetProperty("from").GetProperty("interval").GetInt32()));
    }

    [Fact]
    public async Task A_member_that_goes_on_without_change_is_not_asked_to_reload()
    {
        await using var trainer = new ScriptedTrainer("hello(); serve()");
        await trainer.CompleteAsync();
        var made = new CheckpointId(new MemberId(2), 5, new AttemptId(1));
        Assert.True(trainer.Runner.Holds(0, made));
        Assert.False(trainer.Runner.Holds(0, Other));

        await trainer.RunAsync(member: 2, interval: 6, made, isHeld: true);

        Assert.Equal([true, false], trainer.Of("start").Select(static s => s.GetProperty("reload").GetBoolean()));
    }

    [Fact]
    public async Task What_a_trainer_had_in_memory_is_gone_with_it()
    {
        await using var trainer = new ScriptedTrainer("hello(); complete(hear('start'))");
        await trainer.CompleteAsync();
        var made = new CheckpointId(new MemberId(2), 5, new AttemptId(1));
        await ScriptedTrainer.UntilAsync(() => !trainer.Runner.Holds(0, made), "the trainer has ended");

        await Assert.ThrowsAsync<IOException>(() => trainer.RunAsync(member: 2, interval: 6, made, isHeld: true));
        Assert.IsType<TrainerOutcome.Completed>(await trainer.RunAsync(member: 2, interval: 6, made));
        Assert.Equal([true, true], trainer.Of("start").Select(static s => s.GetProperty("reload").GetBoolean()));
    }

    [Fact]
    public async Task A_trainer_that_ends_between_intervals_is_started_again_and_nothing_fails()
    {
        await using var trainer = new ScriptedTrainer("hello(); complete(hear('start'))");
        for (var i = 0; i < 3; i++)
        {
            await trainer.CompleteAsync();
            await ScriptedTrainer.UntilAsync(() => !Directory.Exists($"/proc/{trainer.Started[^1]}"), "the trainer has ended");
        }

        Assert.Equal(3, trainer.Started.Count);
    }

    [Fact]
    public async Task Progress_is_kept_before_the_interval_counts()
    {
        await using var trainer = new ScriptedTrainer("""
            hello()
            start = hear("start")
            for i in range(1000): say("progress", attempt=start["attempt"], step=i, metrics={"loss": i / 2, "deep": {"a": 1}})
            say("progress", attempt=start["attempt"])
            say("progress", attempt=start["attempt"], metrics={"step": "own"}, step=5)
            raw(b'{"type":"progress","attempt":%d,"step":7,"metrics":{"loss":NaN}}\n' % start["attempt"])
            complete(start)
            serve()
            """);
        await trainer.CompleteAsync();

        Assert.Equal(1002, trainer.Progress.Count);
        Assert.Equal("""{"step":999,"loss": 499.5, "deep": {"a": 1}}""", trainer.Progress[999].GetRawText());
        Assert.Equal("own", trainer.Progress[1000].GetProperty("step").GetString());
        Assert.Equal("NaN", trainer.Progress[1001].GetProperty("loss").GetString());
    }

    [Fact]
    public async Task What_the_trainer_prints_is_in_the_log_of_its_attempt()
    {
        await using var trainer = new ScriptedTrainer("""
            hello()
            while True:
                start = hear("start")
                print("attempt", start["attempt"], flush=True)
                complete(start)
            """);
        await trainer.CompleteAsync();
        await trainer.CompleteAsync();

        Assert.Equal("attempt 1\n", trainer.LogOf(1));
        Assert.Equal("attempt 2\n", trainer.LogOf(2));
    }

    [Fact]
    public async Task A_result_has_all_that_the_trainer_says()
    {
        await using var trainer = new ScriptedTrainer("""hello(); complete(hear("start"), score=2.5, samples=[1, 4], metrics={"a": {"b": 3}}, steps=12); serve()""");
        var result = await trainer.CompleteAsync();
        Assert.Equal((2.5, 12), (result.Score, result.Steps));
        Assert.Equal<double>([1, 4], result.Samples);
        Assert.Equal(3, result.Metrics["a.b"]);
    }

    [Fact]
    public async Task The_score_can_come_from_a_second_program()
    {
        await using var trainer = new ScriptedTrainer("""hello(); start = hear("start"); save(start); say("completed", **of(start)); serve()""");
        trainer.Spec = trainer.Spec with
        {
            Evaluate = new EvaluateSpec { Command = [.. new[] { "/bin/sh", "-c", "test -e {checkpoint_out}/w && echo '{{\"score\": 4}}'" }.Select(static a => new CommandArgument([a], Droppable: false))] },
        };
        Assert.Equal(4, (await trainer.CompleteAsync()).Score);
    }

    [Fact]
    public async Task The_trainer_is_told_to_stop_and_ends_by_itself()
    {
        var trainer = new ScriptedTrainer("hello(); complete(hear('start')); hear('stop'); note(json.dumps({'type': 'bye'}))");
        await using (trainer)
        {
            await trainer.CompleteAsync();
            await trainer.Runner.DisposeAsync();
            Assert.Equal(30, trainer.Of("stop").Single().GetProperty("grace_seconds").GetInt32());
            Assert.Single(trainer.Of("bye"));
        }
    }

    [Fact]
    public async Task A_trainer_that_does_not_stop_is_ended()
    {
        await using var trainer = new ScriptedTrainer("hello(); complete(hear('start')); time.sleep(600)", change: static t => t with { Grace = TimeSpan.Zero });
        await trainer.CompleteAsync();
        await trainer.Runner.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{trainer.Started.Single()}"));
    }

    [Fact]
    public async Task A_worker_that_is_to_end_at_once_waits_for_no_trainer()
    {
        await using var trainer = new ScriptedTrainer("hello(); complete(hear('start')); signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)", change: static t => t with { Grace = TimeSpan.FromMinutes(10) });
        using var kill = new CancellationTokenSource();
        await trainer.RunAsync(kill: kill.Token);
        await kill.CancelAsync();
        await trainer.Runner.DisposeAsync();
        Assert.False(Directory.Exists($"/proc/{trainer.Started.Single()}"));
    }

    [Fact]
    public async Task An_interrupted_attempt_is_given_back_and_its_trainer_is_gone()
    {
        await using var trainer = new ScriptedTrainer("hello(); hear('start'); note(json.dumps({'type': 'training'})); time.sleep(600)");
        using var interrupt = new CancellationTokenSource();
        var running = trainer.RunAsync(interrupt: interrupt.Token);
        await ScriptedTrainer.UntilAsync(() => trainer.Of("training").Count > 0, "it trains");
        await interrupt.CancelAsync();

        Assert.IsType<TrainerOutcome.Interrupted>(await running);
        Assert.False(Directory.Exists($"/proc/{trainer.Started.Single()}"));
    }

    [Fact]
    public async Task A_start_that_is_interrupted_leaves_nothing()
    {
        await using var trainer = new ScriptedTrainer("note(json.dumps({'type': 'thinking'})); time.sleep(600)");
        using var interrupt = new CancellationTokenSource();
        var running = trainer.RunAsync(interrupt: interrupt.Token);
        await ScriptedTrainer.UntilAsync(() => trainer.Of("thinking").Count > 0, "it starts");
        await interrupt.CancelAsync();

        Assert.IsType<TrainerOutcome.Interrupted>(await running);
        Assert.False(Directory.Exists($"/proc/{trainer.Started.Single()}"));
    }

    [Fact]
    public async Task Its_socket_is_the_users_alone_and_gone_once_the_trainer_has_connected()
    {
        await using var trainer = new ScriptedTrainer(
            """
            import os, socket, json, stat
            path = os.environ["PBT_SOCKET"]
            mode = stat.S_IMODE(os.stat(os.path.dirname(path)).st_mode)
            s = socket.socket(socket.AF_UNIX)
            s.connect(path)
            s.sendall(b'{"type":"hello","protocol":1}\n')
            incoming = s.makefile("r")
            incoming.readline()
            m = json.loads(incoming.readline())
            open(m["checkpoint_out"] + "/w", "w").close()
            open("heard", "w").write(json.dumps({"type": "seen", "mode": mode, "there": os.path.exists(os.path.dirname(path))}) + "\n")
            s.sendall((json.dumps({"type": "completed", "attempt": 1, "member": 2, "score": 1}) + "\n").encode())
            incoming.readline()
            """,
            speaks: false);
        await trainer.CompleteAsync();
        var seen = trainer.Of("seen").Single();
        Assert.Equal((Convert.ToInt32("700", 8), false), (seen.GetProperty("mode").GetInt32(), seen.GetProperty("there").GetBoolean()));
    }
}

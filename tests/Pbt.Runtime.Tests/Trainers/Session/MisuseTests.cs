using Pbt.Core.Population;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Tests.Trainers.Session;

/// <summary>Trainers that break the session protocol: each row of the table in docs/protocol.md. None ends the worker, and the next attempt runs.</summary>
public sealed class MisuseTests
{
    /// <summary>The first trainer misbehaves, and those after it do not.</summary>
    private const string Once = """
        import pathlib
        if pathlib.Path("again").exists():
            hello()
            serve()
        pathlib.Path("again").touch()

        """;

    [Theory]
    [InlineData("raw(b'nonsense\\n')", FailureKind.BrokenProtocol, "no JSON object")]
    [InlineData("raw(b'[1, 2]\\n')", FailureKind.BrokenProtocol, "no JSON object")]
    [InlineData("raw(b'{\"type\": \"progress\", \\n')", FailureKind.BrokenProtocol, "no JSON object")]
    [InlineData("raw(b'{\"attempt\": 1}\\n')", FailureKind.BrokenProtocol, "has no \"type\"")]
    [InlineData("raw(b'{\"type\": \"failed\", \"attempt\": 1, \"member\": 2, \"reason\": \"\\xff\"}\\n')", FailureKind.BrokenProtocol, "UTF-8")]
    [InlineData("raw(b'{\"type\": \"failed\", \"attempt\": 1, \"member\": 2, \"reason\": \"\\\\ud800\"}\\n')", FailureKind.BrokenProtocol, "half a character")]
    [InlineData("raw(b'{\"type\": \"progress\"' + b' ' * (1 << 20) + b'}\\n')", FailureKind.BrokenProtocol, "more than 1048576 bytes")]
    [InlineData("raw(b'x' * (3 << 20))", FailureKind.BrokenProtocol, "more than 1048576 bytes")]
    [InlineData("raw(b'{\"type\":' + b'[' * 40 + b']' * 40 + b'}\\n')", FailureKind.BrokenProtocol, "depth")]
    [InlineData("say('completed', member=2, score=1)", FailureKind.BrokenProtocol, "\"attempt\" of \"completed\" is missing")]
    [InlineData("say('completed', attempt=start['attempt'], score=1)", FailureKind.BrokenProtocol, "\"member\" of \"completed\" is missing")]
    [InlineData("say('completed', attempt='1', member=2, score=1)", FailureKind.BrokenProtocol, "\"attempt\" of \"completed\"")]
    [InlineData("say('failed', **of(start))", FailureKind.BrokenProtocol, "\"reason\" of \"failed\" is missing")]
    [InlineData("say('progress', step=1)", FailureKind.BrokenProtocol, "\"attempt\" of \"progress\"")]
    [InlineData("say('completed', attempt=start['attempt'], member=3, score=1)", FailureKind.BrokenProtocol, "as member 3's, and it is member 2's")]
    [InlineData("hello()", FailureKind.BrokenProtocol, "\"hello\" twice")]
    [InlineData("s.shutdown(socket.SHUT_RDWR); time.sleep(600)", FailureKind.BrokenProtocol, "closed its connection in the middle of the interval")]
    [InlineData("sys.exit(3)", FailureKind.Crashed, "exit code 3")]
    [InlineData("sys.exit(0)", FailureKind.Crashed, "in the middle of the interval")]
    [InlineData("raw(b'{\"type\": \"comple'); sys.exit(1)", FailureKind.Crashed, "in the middle of the interval")]
    [InlineData("raw(b'{\"type\": \"comple'); os.kill(os.getpid(), signal.SIGKILL)", FailureKind.Killed, "in the middle of the interval")]
    [InlineData("save(start); os.kill(os.getpid(), signal.SIGKILL)", FailureKind.Killed, "in the middle of the interval")]
    [InlineData("save(start); os.kill(os.getpid(), signal.SIGSEGV)", FailureKind.Crashed, "in the middle of the interval")]
    public async Task A_trainer_that_misbehaves_fails_its_attempt_and_is_replaced(string misdeed, FailureKind kind, string reason)
    {
        await using var trainer = new ScriptedTrainer(Once + $"""
            hello()
            start = hear("start")
            print("so far so good", flush=True)
            {misdeed}
            hear("error")
            """);
        var failed = await trainer.FailAsync();
        Assert.Equal(kind, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Contains("so far so good", failed.LogTail, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{trainer.Started[0]}"), "the trainer still runs");

        await trainer.CompleteAsync();
        Assert.Equal(2, trainer.Started.Count);
    }

    [Theory]
    [InlineData("say('heartbeat')", "its first message is not \"hello\"")]
    [InlineData("raw(b'GET / HTTP/1.1\\n')", "no JSON object")]
    [InlineData("say('hello')", "\"protocol\" of \"hello\" is missing")]
    [InlineData("hello(protocol=0)", "\"protocol\" of \"hello\"")]
    [InlineData("hello(protocol='1')", "\"protocol\" of \"hello\"")]
    [InlineData("hello(capacity=0)", "an integer from 1 to 4096")]
    [InlineData("hello(capacity=4097)", "an integer from 1 to 4096")]
    [InlineData("hello(capacity=1.5)", "an integer from 1 to 4096")]
    [InlineData("hello(heartbeat_seconds=0)", "\"heartbeat_seconds\" of \"hello\"")]
    [InlineData("hello(heartbeat_seconds='5')", "\"heartbeat_seconds\" of \"hello\"")]
    public async Task A_bad_hello_fails_the_attempt_that_the_trainer_was_started_for(string hello, string reason)
    {
        await using var trainer = new ScriptedTrainer(Once + $"""
            {hello}
            hear("error")
            """);
        var failed = await trainer.FailAsync();
        Assert.Equal(FailureKind.BrokenProtocol, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, trainer.Of("error").Single().GetProperty("reason").GetString(), StringComparison.Ordinal);

        await trainer.CompleteAsync();
    }

    [Theory]
    [InlineData("sys.exit(4)", FailureKind.Crashed, "exit code 4 before it said \"hello\"")]
    [InlineData("s.shutdown(socket.SHUT_RDWR); time.sleep(600)", FailureKind.BrokenProtocol, "closed its connection before it said \"hello\"")]
    [InlineData("raw(b'{\"type\": \"hel'); sys.exit(4)", FailureKind.Crashed, "exit code 4 before it said \"hello\"")]
    public async Task A_trainer_that_ends_before_its_hello_fails_the_attempt(string misdeed, FailureKind kind, string reason)
    {
        await using var trainer = new ScriptedTrainer(Once + misdeed);
        var failed = await trainer.FailAsync();
        Assert.Equal(kind, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        await trainer.CompleteAsync();
    }

    [Fact]
    public async Task A_program_that_does_not_speak_the_protocol_is_said_to_have_ended_before_it_connected()
    {
        await using var trainer = new ScriptedTrainer("print('epoch 1')", speaks: false);
        var failed = await trainer.FailAsync();
        Assert.Contains("before it connected to $PBT_SOCKET", failed.Reason, StringComparison.Ordinal);
        Assert.Contains("epoch 1", failed.LogTail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_never_connects_is_ended_after_start_timeout()
    {
        await using var trainer = new ScriptedTrainer("import time; time.sleep(600)", change: static t => t with { StartTimeout = TimeSpan.FromMilliseconds(300) }, speaks: false);
        var failed = await trainer.FailAsync();
        Assert.Equal(FailureKind.TimedOut, failed.Kind);
        Assert.Contains("did not connect to $PBT_SOCKET within its start_timeout", failed.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_is_not_there_is_said_so()
    {
        await using var trainer = new ScriptedTrainer(string.Empty, change: static t => t with { Command = [new(["/no/such/program"], Droppable: false)] });
        Assert.Equal(FailureKind.NotStarted, (await trainer.FailAsync()).Kind);
    }

    [Theory]
    [InlineData("complete(start); complete(start)")]
    [InlineData("complete(start); say('failed', **of(start), reason='after all')")]
    [InlineData("complete(start); say('progress', attempt=start['attempt'], step=1)")]
    [InlineData("say('completed', attempt=999, member=2, score=1); complete(start)")]
    public async Task An_attempt_that_does_not_run_is_rejected_and_everything_goes_on(string misdeed)
    {
        await using var trainer = new ScriptedTrainer($"""
            hello()
            start = hear("start")
            {misdeed}
            hear("rejected")
            serve()
            """);
        await trainer.CompleteAsync();
        await trainer.CompleteAsync();
        Assert.Single(trainer.Started);
        Assert.Contains("does not run here", trainer.Of("rejected").Single().GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("complete(start, score=float('nan'))", FailureKind.InvalidScore, "NaN")]
    [InlineData("complete(start, score=float('inf'))", FailureKind.InvalidScore, "")]
    [InlineData("complete(start, score='high')", FailureKind.InvalidScore, "\"high\"")]
    [InlineData("save(start); say('completed', **of(start))", FailureKind.InvalidScore, "neither \"score\" nor")]
    [InlineData("complete(start, samples=[1, None])", FailureKind.InvalidResult, "samples")]
    [InlineData("complete(start, steps=-1)", FailureKind.InvalidResult, "steps")]
    [InlineData("say('failed', **of(start), reason='diverged')", FailureKind.Crashed, "diverged")]
    [InlineData("say('released', **of(start), reason='pre-empted')", FailureKind.Killed, "pre-empted")]
    public async Task An_interval_that_ends_badly_fails_alone_and_its_trainer_goes_on(string ending, FailureKind kind, string reason)
    {
        await using var trainer = new ScriptedTrainer($"""
            hello()
            start = hear("start")
            {ending}
            serve()
            """);
        var failed = await trainer.FailAsync();
        Assert.Equal(kind, failed.Kind);
        Assert.Contains(reason, failed.Reason, StringComparison.Ordinal);
        Assert.False(trainer.Runner.Holds(0, new CheckpointId(new MemberId(2), 5, new AttemptId(1))));

        await trainer.CompleteAsync();
        Assert.Single(trainer.Started);
    }

    [Fact]
    public async Task A_trainer_that_breaks_its_promise_of_heartbeats_is_ended()
    {
        await using var trainer = new ScriptedTrainer(Once + "hello(heartbeat_seconds=0.02); hear('start'); time.sleep(600)", change: static t => t with { Silence = TimeSpan.FromMilliseconds(400) });
        var failed = await trainer.FailAsync();
        Assert.Equal(FailureKind.TimedOut, failed.Kind);
        Assert.Contains("silent for 400ms (trainer.silence)", failed.Reason, StringComparison.Ordinal);
        await trainer.CompleteAsync();
    }

    [Fact]
    public async Task A_trainer_that_has_nothing_to_do_may_be_silent()
    {
        await using var trainer = new ScriptedTrainer("hello(heartbeat_seconds=0.001); serve()", change: static t => t with { Silence = TimeSpan.FromSeconds(1) });
        await trainer.CompleteAsync();
        await Task.Delay(TimeSpan.FromSeconds(1.5));
        await trainer.CompleteAsync();
        Assert.Single(trainer.Started);
    }

    [Fact]
    public async Task A_trainer_that_takes_too_long_is_ended()
    {
        await using var trainer = new ScriptedTrainer(Once + "hello(); hear('start'); time.sleep(600)", change: static t => t with { Timeout = TimeSpan.FromSeconds(1) });
        var failed = await trainer.FailAsync();
        Assert.Equal(FailureKind.TimedOut, failed.Kind);
        Assert.Contains("timeout of 1s", failed.Reason, StringComparison.Ordinal);
        Assert.False(Directory.Exists($"/proc/{trainer.Started[0]}"), "the trainer still runs");
    }

    [Fact]
    public async Task A_trainer_that_gives_an_attempt_back_while_it_is_to_stop_is_not_blamed()
    {
        await using var trainer = new ScriptedTrainer("""hello(); start = hear("start"); hear("stop"); say("released", **of(start)); time.sleep(600)""");
        var running = trainer.RunAsync();
        await ScriptedTrainer.UntilAsync(() => trainer.Of("start").Count > 0, "it trains");
        trainer.Runner.Stop(TimeSpan.FromSeconds(3));
        Assert.IsType<TrainerOutcome.Interrupted>(await running);
    }

    [Fact]
    public async Task Progress_that_is_too_long_is_left_out_and_said_so()
    {
        await using var trainer = new ScriptedTrainer("""
            hello()
            start = hear("start")
            say("progress", attempt=start["attempt"], metrics={"text": "x" * 70000})
            say("progress", attempt=start["attempt"], step=1)
            complete(start)
            serve()
            """);
        await trainer.CompleteAsync();
        Assert.Equal("""{"step":1}""", Assert.Single(trainer.Progress).GetRawText());
        Assert.Contains("pbt: 1 progress reports were left out", trainer.LogOf(1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_trainer_that_floods_and_never_reads_is_ended()
    {
        await using var trainer = new ScriptedTrainer(Once + """
            hello()
            hear("start")
            for i in range(2000): raw(b'{"type":"completed","attempt":999,"member":0}\n' * 1000)
            time.sleep(600)
            """);
        var failed = await trainer.FailAsync();
        Assert.Contains("does not read", failed.Reason, StringComparison.Ordinal);
        await trainer.CompleteAsync();
    }

    [Fact]
    public async Task Unknown_messages_and_fields_and_empty_lines_mean_nothing()
    {
        await using var trainer = new ScriptedTrainer("""
            hello(protocol=9, colour="blue", heartbeat_seconds=None)
            start = hear("start")
            raw(b'\n\r\n')
            say("fancy", of={"a": [1]})
            complete(start, colour={"x": [1, 2]})
            serve()
            """);
        await trainer.CompleteAsync();
        Assert.Equal(1, trainer.Of("welcome").Single().GetProperty("protocol").GetInt32());
    }
}

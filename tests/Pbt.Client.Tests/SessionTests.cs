namespace Pbt.Client.Tests;

public sealed class SessionTests
{
    [Fact]
    public async Task Hello_says_the_version_the_capacity_and_the_promise()
    {
        await using var worker = new ScriptedWorker();
        var connecting = worker.ConnectAsync(new SessionOptions { Capacity = 8, Heartbeat = TimeSpan.FromSeconds(2.5) });

        var hello = await worker.AcceptAsync();

        Assert.Equal(1, hello.GetProperty("protocol").GetInt32());
        Assert.Equal(8, hello.GetProperty("capacity").GetInt32());
        Assert.Equal(2.5, hello.GetProperty("heartbeat_seconds").GetDouble());
        Assert.StartsWith("pbt-client ", hello.GetProperty("client").GetString(), StringComparison.Ordinal);
        await worker.SendAsync("""{"type":"welcome","protocol":1,"study":"demo","places":5,"later":1}""");
        await using var session = await connecting;
        Assert.Equal((SessionKind.Session, "demo", 5), (session.Kind, session.Study, session.Places));
    }

    [Fact]
    public async Task An_interval_has_all_that_start_says()
    {
        await using var worker = new ScriptedWorker();
        var options = ScriptedWorker.Options with { Defaults = new Dictionary<string, HyperparameterValue>(StringComparer.Ordinal) { ["lr"] = 0.1, ["batch"] = 32 } };
        await using var session = await worker.WelcomeAsync(options);
        await worker.SendAsync("""
            {"type":"start","attempt":9,"place":0,"member":3,"interval":2,"hyperparameters":{"lr":0.0012,"layers":4,"optimizer":"adam","nesterov":true},"reload":false,
            """.Trim() + """
            "checkpoint_in":"/in","from":{"member":5,"interval":1},"checkpoint_out":"/out","steps":null,"seconds":1.5,"seed":90210,"extra":[]}
            """.Trim());

        await foreach (var interval in session.IntervalsAsync())
        {
            Assert.Equal((9L, 0, 3, 2), (interval.Attempt, interval.Place, interval.Member, interval.Interval));
            Assert.Equal((false, "/in", "/out"), (interval.Reload, interval.CheckpointIn, interval.CheckpointOut));
            Assert.Equal(new IntervalOrigin(5, 1), interval.Donor);
            Assert.Equal((null, 1.5, 90210), (interval.Steps, interval.Seconds, interval.Seed));
            var hyperparameters = interval.Hyperparameters;
            Assert.Equal(0.0012, hyperparameters.GetDouble("lr"));
            Assert.Equal(4, hyperparameters.GetInt32("layers"));
            Assert.Equal("adam", hyperparameters.GetString("optimizer"));
            Assert.True(hyperparameters.GetBoolean("nesterov"));
            Assert.Equal(32, hyperparameters.GetInt32("batch"));
            break;
        }
    }

    [Fact]
    public async Task Progress_comes_before_the_completion_and_the_next_start_after_it()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var training = TrainAsync(session, async interval =>
        {
            for (var step = 0; step < 3; step++)
                interval.Progress(step, ("loss", 0.5), ("bad", double.NaN));

            await interval.CompleteAsync(0.83, [1, 2.5], new Dictionary<string, double>(StringComparer.Ordinal) { ["loss"] = 0.44 }, steps: 12);
            interval.Progress(99);
        });

        for (var step = 0; step < 3; step++)
            Assert.Equal($$$"""{"type":"progress","attempt":1,"step":{{{step}}},"metrics":{"loss":0.5,"bad":NaN}}""", await worker.ReceiveLineAsync());

        Assert.Equal("""{"type":"completed","attempt":1,"member":3,"score":0.83,"samples":[1,2.5],"metrics":{"loss":0.44},"steps":12}""", await worker.ReceiveLineAsync());
        await worker.StartAsync(2);
        for (var step = 0; step < 3; step++)
            await worker.ReceiveLineAsync();

        await worker.ReceiveAsync("completed", 2);
        await worker.StopAsync();
        Assert.Equal(2, await training);
        Assert.Equal(("the study has ended", TimeSpan.FromSeconds(10)), (session.StopReason, session.Grace));
        await session.DisposeAsync();
        Assert.Null(await worker.ReceiveLineAsync());
    }

    [Theory]
    [InlineData(double.NaN, "NaN")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    [InlineData(double.NegativeInfinity, "-Infinity")]
    public async Task A_score_that_is_not_finite_is_sent_as_it_is(double score, string token)
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var training = TrainAsync(session, interval => interval.CompleteAsync(score).AsTask());

        Assert.Equal($$"""{"type":"completed","attempt":1,"member":3,"score":{{token}}}""", await worker.ReceiveLineAsync());
        await worker.StopAsync();
        await training;
    }

    [Fact]
    public async Task An_interval_that_is_not_ended_or_ended_twice_is_told_apart()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var training = TrainAsync(session, async interval =>
        {
            if (interval.Attempt == 1)
                return;

            await interval.FailAsync("no " + new string('x', 5000));
            await Assert.ThrowsAsync<InvalidOperationException>(async () => await interval.CompleteAsync(1));
        });

        var failed = await worker.ReceiveAsync("failed", 1);
        Assert.Equal("the program went on without completing the interval", failed.GetProperty("reason").GetString());
        await worker.StartAsync(2);
        Assert.Equal(4000, (await worker.ReceiveAsync("failed", 2)).GetProperty("reason").GetString()!.Length);
        await worker.StopAsync();
        Assert.Equal(2, await training);
    }

    [Fact]
    public async Task An_exception_fails_the_interval_and_a_function_goes_on_after_it()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var training = session.RunAsync(async interval =>
        {
            if (interval.Attempt == 1)
                throw new InvalidDataException("no weights");

            await interval.CompleteAsync(1);
        });

        Assert.Equal("the trainer threw InvalidDataException: no weights", (await worker.ReceiveAsync("failed", 1)).GetProperty("reason").GetString());
        await worker.StartAsync(2);
        await worker.ReceiveAsync("completed", 2);
        await worker.StopAsync();
        await training;
    }

    [Fact]
    public async Task A_loop_that_is_left_by_an_exception_has_failed()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        await Assert.ThrowsAsync<InvalidDataException>(() => TrainAsync(session, static _ => throw new InvalidDataException()));

        Assert.Equal("the program left the interval without completing it", (await worker.ReceiveAsync("failed", 1)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task After_stop_an_interval_may_be_completed_and_one_that_is_left_is_given_back()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync(ScriptedWorker.Options with { Capacity = 2 }, places: 2);
        await worker.StartAsync(1, place: 0);
        await worker.StartAsync(2, place: 1);
        await foreach (var batch in session.BatchesAsync())
        {
            await worker.StopAsync();
            await Stopped(batch[0]);
            await batch[0].CompleteAsync(1);
        }

        await worker.ReceiveAsync("completed", 1);
        Assert.Equal("the study has ended", (await worker.ReceiveAsync("released", 2)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task What_has_started_and_nobody_took_is_given_back_at_the_end()
    {
        await using var worker = new ScriptedWorker();
        var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        await foreach (var interval in session.IntervalsAsync())
        {
            await interval.CompleteAsync(1);
            break;
        }

        await worker.ReceiveAsync("completed", 1);
        await worker.StartAsync(2);
        await worker.SendAsync("""{"type":"rejected","attempt":1,"reason":"seen"}""");
        await Eventually(() => worker.Warnings.Count == 1);
        await session.DisposeAsync();

        Assert.Equal("the trainer ends", (await worker.ReceiveAsync("released", 2)).GetProperty("reason").GetString());
    }

    [Fact]
    public async Task A_batch_is_what_started_until_all_places_are_taken_or_nothing_more_comes()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync(ScriptedWorker.Options with { Capacity = 3 }, places: 3);
        await worker.SendAsync("""{"type":"idle"}""");
        for (var place = 0; place < 3; place++)
            await worker.StartAsync(place + 1, place);

        await using var batches = session.BatchesAsync().GetAsyncEnumerator();
        Assert.True(await batches.MoveNextAsync());
        Assert.Equal([1L, 2, 3], batches.Current.Select(static interval => interval.Attempt));
        foreach (var interval in batches.Current)
            await interval.CompleteAsync(0);

        await worker.StartAsync(4, place: 2);
        var next = batches.MoveNextAsync().AsTask();
        await worker.StartAsync(5, place: 0);
        Assert.False(next.IsCompleted);
        await worker.SendAsync("""{"type":"idle"}""");
        Assert.True(await next);
        Assert.Equal([2, 0], batches.Current.Select(static interval => interval.Place));
    }

    [Fact]
    public async Task A_program_with_several_places_cannot_take_intervals_singly()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync(ScriptedWorker.Options with { Capacity = 2 }, places: 2);

        var error = await Assert.ThrowsAsync<InvalidOperationException>(() => TrainAsync(session, static _ => Task.CompletedTask));

        Assert.Contains("BatchesAsync", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Heartbeats_come_as_promised_while_the_program_is_busy()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync(ScriptedWorker.Options with { Heartbeat = TimeSpan.FromMilliseconds(40) });
        await worker.StartAsync(1);

        for (var i = 0; i < 3; i++)
            Assert.Equal("""{"type":"heartbeat"}""", await worker.ReceiveLineAsync());
    }

    [Fact]
    public async Task A_result_that_is_too_large_is_refused_before_it_is_sent()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        await foreach (var interval in session.IntervalsAsync())
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await interval.CompleteAsync(1, new double[100_001]));
            await Assert.ThrowsAsync<ArgumentException>(async () => await interval.CompleteAsync(1, [.. Enumerable.Repeat(1.0 / 3, 90_000)]));
            interval.Progress(0, (new string('x', 70_000), 1));
            await interval.CompleteAsync(1);
            break;
        }

        await worker.ReceiveAsync("completed", 1);
        Assert.Contains("progress longer than", Assert.Single(worker.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Hundreds_of_thousands_of_progress_reports_arrive_whole_and_in_order()
    {
        const int Reports = 200_000;
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var training = TrainAsync(session, async interval =>
        {
            for (var step = 0; step < Reports; step++)
                interval.Progress(step, ("loss", 0.25));

            await interval.CompleteAsync(1);
        });

        var last = -1L;
        var received = 0;
        while (await worker.ReceiveAsync() is var message && message.GetProperty("type").GetString() is "progress")
        {
            var step = message.GetProperty("step").GetInt64();
            Assert.True(step > last);
            last = step;
            received++;
        }

        Assert.True(received == Reports || worker.Warnings.Count == 1, $"{received} of {Reports} arrived without a warning");
        await worker.StopAsync();
        await training;
    }

    private static async Task<int> TrainAsync(TrainerSession session, Func<TrainingInterval, Task> train)
    {
        var intervals = 0;
        await foreach (var interval in session.IntervalsAsync())
        {
            intervals++;
            await train(interval);
        }

        return intervals;
    }

    private static async Task Stopped(TrainingInterval interval)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = interval.Stopping.Register(stopped.SetResult);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task Eventually(Func<bool> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!condition())
            await Task.Delay(5, patience.Token);
    }
}

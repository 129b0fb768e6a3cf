namespace Pbt.Client.Tests;

/// <summary>Each way in which a worker can break the protocol.</summary>
public sealed class MisuseTests
{
    [Fact]
    public async Task A_worker_that_vanishes_ends_the_loop_without_an_error()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var intervals = 0;
        await foreach (var interval in session.IntervalsAsync())
        {
            intervals++;
            worker.Vanish();
            await Stopped(session);
            await interval.CompleteAsync(1);
        }

        Assert.Equal((1, "the worker closed the connection"), (intervals, session.StopReason));
    }

    [Theory]
    [InlineData("garbage", "no JSON object")]
    [InlineData("[1]", "no JSON object")]
    [InlineData("{}", "'type'")]
    [InlineData("""{"type":"start","place":0}""", "'attempt'")]
    [InlineData("""{"type":"start","attempt":"1","place":0}""", "'attempt'")]
    [InlineData("""{"type":"start","attempt":2,"place":7,"member":0,"interval":1,"hyperparameters":{},"reload":true,"checkpoint_out":"/o","seed":1}""", "in place 7 of 1")]
    [InlineData("""{"type":"start","attempt":2,"place":0,"member":0,"interval":1,"hyperparameters":{},"reload":true,"checkpoint_out":"/o","seed":1}""", "in place 0, where attempt 1 runs")]
    [InlineData("""{"type":"start","attempt":2,"place":0,"member":0,"interval":1,"hyperparameters":{"a":[]},"reload":true,"checkpoint_out":"/o","seed":1}""", "hyperparameter a")]
    [InlineData("""{"type":"welcome","protocol":1,"places":1}""", "welcome twice")]
    [InlineData("""{"type":"error","reason":"what was that"}""", "what was that")]
    public async Task A_worker_that_breaks_the_protocol_ends_the_loop_with_an_error(string line, string expected)
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.StartAsync(1);
        var error = await Assert.ThrowsAsync<ProtocolException>(async () =>
        {
            await foreach (var interval in session.IntervalsAsync())
            {
                await worker.SendAsync(line);
                await Stopped(session);
                await interval.CompleteAsync(1);
            }
        });

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_that_is_not_text_ends_the_loop_with_an_error()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.SendBytesAsync([(byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}', (byte)'\n']);

        var error = await Assert.ThrowsAsync<ProtocolException>(() => FirstAsync(session));

        Assert.Contains("UTF-8", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"type":"welcome","protocol":2,"places":1}""", "version 2")]
    [InlineData("""{"type":"welcome","protocol":1,"places":9}""", "9 places")]
    [InlineData("""{"type":"welcome","protocol":1}""", "'places'")]
    [InlineData("""{"type":"error","reason":"too old"}""", "too old")]
    [InlineData("""{"type":"start","attempt":1,"place":0,"member":0,"interval":1,"hyperparameters":{},"reload":true,"checkpoint_out":"/o","seed":1}""", "in place 0 of 0")]
    public async Task An_answer_to_hello_that_is_none_is_an_error(string answer, string expected)
    {
        await using var worker = new ScriptedWorker();
        var connecting = worker.ConnectAsync();
        await worker.AcceptAsync();
        await worker.SendAsync(answer);

        var error = await Assert.ThrowsAsync<ProtocolException>(() => connecting);

        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_closes_before_it_answers_or_is_not_there_is_an_error()
    {
        await using var worker = new ScriptedWorker();
        var connecting = worker.ConnectAsync();
        await worker.AcceptAsync();
        worker.Vanish();
        await Assert.ThrowsAsync<ProtocolException>(() => connecting);

        var error = await Assert.ThrowsAsync<ProtocolException>(() => TrainerSession.ConnectAsync(
            ScriptedWorker.Options, static name => string.Equals(name, "PBT_SOCKET", StringComparison.Ordinal) ? "/nowhere/socket" : null, CancellationToken.None));
        Assert.Contains("/nowhere/socket", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_worker_that_stops_before_it_answers_gives_no_intervals()
    {
        await using var worker = new ScriptedWorker();
        var connecting = worker.ConnectAsync();
        await worker.AcceptAsync();
        await worker.StopAsync();
        await using var session = await connecting;

        Assert.Null(await FirstAsync(session));
    }

    [Fact]
    public async Task What_is_unknown_empty_split_or_rejected_does_no_harm()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        await worker.SendAsync("""{"type":"of a later version","field":{}}""");
        await worker.SendAsync("\r");
        await worker.SendAsync(string.Empty);
        await worker.SendAsync("""{"type":"rejected","attempt":77,"reason":"it does not run here"}""");
        await worker.SendBytesAsync("{\"type\":\"sta"u8.ToArray());
        await worker.SendBytesAsync("""rt","seed":1,"checkpoint_out":"/o","reload":true,"hyperparameters":{},"interval":1,"member":0,"place":0,"attempt":5}"""u8.ToArray());
        await worker.SendAsync("\r");

        Assert.Equal(5, (await FirstAsync(session))!.Attempt);
        Assert.Contains("attempt 77: it does not run here", Assert.Single(worker.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_of_any_length_is_read()
    {
        await using var worker = new ScriptedWorker();
        await using var session = await worker.WelcomeAsync();
        var sending = worker.StartAsync(1, more: $$""","later":"{{new string('x', 3_000_000)}}" """.TrimEnd());

        Assert.Equal(1, (await FirstAsync(session))!.Attempt);
        await sending;
    }

    private static async Task<TrainingInterval?> FirstAsync(TrainerSession session)
    {
        await foreach (var interval in session.IntervalsAsync())
            return interval;

        return null;
    }

    private static async Task Stopped(TrainerSession session)
    {
        var stopped = new TaskCompletionSource();
        await using var registration = session.Stopping.Register(stopped.SetResult);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }
}

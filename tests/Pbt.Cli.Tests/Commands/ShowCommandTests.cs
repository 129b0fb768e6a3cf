using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Commands;

public sealed class ShowCommandTests
{
    [Fact]
    public async Task The_text_has_intervals_attempts_and_the_log_s_end()
    {
        using var study = TestStudy.Branching();
        study.Fail(study.Claim(), "the trainer ended\nwith code 1");
        var running = study.Claim();
        var log = study.Open.Directory.LogOf(running.CheckpointOut);
        Directory.CreateDirectory(Path.GetDirectoryName(log)!);
        await File.WriteAllTextAsync(log, "epoch 1\n\u001b[31mepoch 2\u001b[0m\n");

        Assert.Equal(
            """
            m0         is running interval 5 since 2026-01-01 12:00:40: attempt a000018 at
                       worker w1
            now        learning_rate=0.006026 optimizer=adam
            from       the weights of m0 at interval 4
            failed     1 time, the last with: the trainer ended with code 1

            interval  score  steps   time  from  hyperparameters
                   1      1   1000  10.0s  -     learning_rate=1.321e-5 optimizer=adam
                   2      0   1000  10.0s  m0 1
                   3      3   1000  10.0s  m3 2  learning_rate 1.321e-5 → 0.006026
                   4      7   1000  10.0s  m0 3

            attempts that did not complete
            attempt  interval  worker  began     outcome
            a000017         5  w1      12:00:40  failed: the trainer ended with code 1
            a000018         5  w1      12:00:40  running

            log DIR/logs/m0000/i000005-a000018.log
              epoch 1
              [31mepoch 2[0m

            """,
            (await study.RunAsync("show", "DIR", "m0")).Out);
    }

    [Fact]
    public async Task One_interval_shows_its_measurements_and_all_its_attempts()
    {
        using var study = TestStudy.Branching();

        var text = (await study.RunAsync("show", "DIR", "0", "--interval", "2")).Out;

        Assert.Contains("samples    -1 1\nmetric     loss = 0.5\n", text, StringComparison.Ordinal);
        Assert.Contains("a000005         2  w1      12:00:10  completed", text, StringComparison.Ordinal);
        Assert.Contains("log DIR/logs/m0000/i000002-a000005.log\n  (empty)", text, StringComparison.Ordinal);
        Assert.Equal(ExitCode.BadRequest, (await study.RunAsync("show", "DIR", "0", "--interval", "5")).Exit);
    }

    [Fact]
    public async Task The_JSON_names_every_interval_and_attempt()
    {
        using var study = TestStudy.Branching();
        study.Fail(study.Claim(), "boom");

        var json = (await study.RunAsync("show", "DIR", "0", "--json")).Json;

        JsonKeys.AssertHas(json, "study", "member", "intervals", "attempts", "log");
        Assert.Equal((0, 4, 5), ((int)json["member"]!["id"]!, json["intervals"]!.AsArray().Count, json["attempts"]!.AsArray().Count));
        Assert.All(json["intervals"]!.AsArray(), static i => JsonKeys.AssertHas(
            i, "interval", "attempt", "score", "donor", "start", "checkpoint", "steps", "lineage_steps", "seconds", "time", "samples", "metrics", "hyperparameters"));
        Assert.All(json["attempts"]!.AsArray(), static a => JsonKeys.AssertHas(a, "attempt", "interval", "worker", "started", "ended", "outcome", "reason", "log"));
        Assert.Equal(("failed", "boom"), ((string?)json["attempts"]![4]!["outcome"], (string?)json["attempts"]![4]!["reason"]));

        // Only the last checkpoint is kept, so only it has a place.
        Assert.Equal([true, true, true, false], json["intervals"]!.AsArray().Select(static i => i!["checkpoint"] is null));
    }

    [Fact]
    public async Task Attempts_that_were_lost_with_their_worker_are_shown_as_lost()
    {
        using var study = new TestStudy();
        study.Claim();
        study.Store.Transact(static t =>
        {
            Core.Scheduling.StudyScheduler.Lose(t, TestStudy.Worker, "its process is gone");
            return true;
        });

        var attempt = (await study.RunAsync("show", "DIR", "0", "--json")).Json["attempts"]![0]!;

        Assert.Equal(("lost", "its worker was lost: its process is gone"), ((string?)attempt["outcome"], (string?)attempt["reason"]));
        Assert.Equal(MemberPhase.Ready, study.State.Members[0].Phase);
    }
}

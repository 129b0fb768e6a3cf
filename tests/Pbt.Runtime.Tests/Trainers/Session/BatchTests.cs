using Pbt.Core.Population;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Tests.Trainers.Session;

/// <summary>Trainers that take several members at once.</summary>
public sealed class BatchTests
{
    private const string Collect = """
        hello(capacity=3)
        def batch():
            starts = []
            while len(starts) < 3:
                message = hear("start", "idle", "stop")
                if message["type"] == "start": starts.append(message)
                elif message["type"] == "stop": sys.exit(0)
                elif starts: break
            note(json.dumps({"type": "batch", "places": sorted(s["place"] for s in starts)}))
            return starts

        """;

    [Fact]
    public async Task Places_open_when_the_trainer_has_said_how_many_it_takes()
    {
        await using var trainer = new ScriptedTrainer(Collect + "complete(batch()[0]); batch()", places: 4);
        Assert.True(trainer.Runner.ReadyAsync(0, CancellationToken.None).IsCompleted);
        var third = trainer.Runner.ReadyAsync(2, CancellationToken.None);
        var fourth = trainer.Runner.ReadyAsync(3, CancellationToken.None);
        Assert.False(third.IsCompleted);

        var running = trainer.RunAsync();
        await third;
        trainer.Runner.Rest(1);
        trainer.Runner.Rest(2);
        await running;

        Assert.False(fourth.IsCompleted);
        Assert.Equal(3, trainer.Of("welcome").Single().GetProperty("places").GetInt32());
    }

    [Fact]
    public async Task A_trainer_has_no_more_places_than_the_slot()
    {
        await using var trainer = new ScriptedTrainer("hello(capacity=64); serve()", places: 2);
        await trainer.CompleteAsync();
        Assert.Equal(2, trainer.Of("welcome").Single().GetProperty("places").GetInt32());
    }

    [Fact]
    public async Task Attempts_of_all_places_run_as_one_batch()
    {
        await using var trainer = new ScriptedTrainer(Collect + """
            while True:
                for start in batch(): complete(start, score=start["place"])
            """, places: 3);
        for (var round = 0; round < 3; round++)
        {
            var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(place => trainer.RunAsync(member: place, place: place)));
            Assert.Equal([0, 1, 2], outcomes.Select(static o => Assert.IsType<TrainerOutcome.Completed>(o).Result.Score));
        }

        Assert.Equal(["[0, 1, 2]", "[0, 1, 2]", "[0, 1, 2]"], trainer.Of("batch").Select(static b => b.GetProperty("places").GetRawText()));
    }

    [Fact]
    public async Task A_batch_begins_without_the_places_that_have_nothing_to_run()
    {
        await using var trainer = new ScriptedTrainer(Collect + """
            while True:
                for start in batch(): complete(start)
            """, places: 3);
        var first = trainer.RunAsync(member: 0, place: 0);
        await trainer.Runner.ReadyAsync(2, CancellationToken.None);
        var second = trainer.RunAsync(member: 1, place: 1);
        Assert.Empty(trainer.Of("batch"));
        trainer.Runner.Rest(2);
        await Task.WhenAll(first, second);

        Assert.Equal("[0, 1]", trainer.Of("batch").Single().GetProperty("places").GetRawText());
    }

    [Fact]
    public async Task A_member_named_wrongly_fails_one_attempt_and_gives_the_others_back()
    {
        await using var trainer = new ScriptedTrainer(Collect + """
            starts = batch()
            for start in starts: save(start)
            say("completed", attempt=starts[0]["attempt"], member=starts[1]["member"], score=1)
            time.sleep(600)
            """, places: 3);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(place => trainer.RunAsync(member: place, place: place)));

        var failed = Assert.Single(outcomes.OfType<TrainerOutcome.Failed>());
        Assert.Equal(FailureKind.BrokenProtocol, failed.Kind);
        Assert.Contains("it ended attempt", failed.Reason, StringComparison.Ordinal);
        Assert.Equal(2, outcomes.OfType<TrainerOutcome.Interrupted>().Count());
    }

    [Fact]
    public async Task A_timeout_fails_the_attempt_that_took_too_long_and_gives_the_others_back()
    {
        await using var trainer = new ScriptedTrainer(Collect + "batch(); time.sleep(600)", places: 3, static t => t with { Timeout = TimeSpan.FromMinutes(5) });
        var others = trainer.RunAsync(member: 0, place: 0);
        await trainer.Runner.ReadyAsync(2, CancellationToken.None);
        var second = trainer.RunAsync(member: 1, place: 1);
        trainer.Spec = trainer.Spec with { Trainer = trainer.Spec.Trainer with { Timeout = TimeSpan.FromMilliseconds(1) } };
        var late = Assert.IsType<TrainerOutcome.Failed>(await trainer.RunAsync(member: 2, place: 2));

        Assert.Equal(FailureKind.TimedOut, late.Kind);
        Assert.All(await Task.WhenAll(others, second), static o => Assert.IsType<TrainerOutcome.Interrupted>(o));
    }

    [Fact]
    public async Task A_crash_fails_all_that_ran()
    {
        await using var trainer = new ScriptedTrainer(Collect + "batch(); sys.exit(3)", places: 3);
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 3).Select(place => trainer.RunAsync(member: place, place: place)));
        Assert.All(outcomes, static o => Assert.Equal(FailureKind.Crashed, Assert.IsType<TrainerOutcome.Failed>(o).Kind));
    }

    [Fact]
    public async Task An_attempt_in_a_place_that_a_new_trainer_does_not_have_is_given_back()
    {
        await using var trainer = new ScriptedTrainer("""
            import pathlib
            first = not pathlib.Path("again").exists()
            pathlib.Path("again").touch()
            hello(capacity=2 if first else 1)
            complete(hear("start"))
            if not first: serve()
            """, places: 2);
        await trainer.RunAsync(place: 0);
        await ScriptedTrainer.UntilAsync(() => !Directory.Exists($"/proc/{trainer.Started[0]}"), "the trainer has ended");

        Assert.IsType<TrainerOutcome.Interrupted>(await trainer.RunAsync(place: 1));
        Assert.IsType<TrainerOutcome.Completed>(await trainer.RunAsync(place: 0));
        Assert.Equal(2, trainer.Started.Count);
    }
}

using System.Text.Json;

namespace Pbt.EndToEnd.Tests.Studies;

/// <summary>A real study of session trainers that use the Python client.</summary>
public sealed class PythonTrainerTests
{
    // Writes a line at its start and one for each interval; `die` is what it does before it completes some intervals.
    private const string Trainer =
        """
        import json, os, signal, sys
        import pbt_client

        def note(**what):
            with open("notes.jsonl", "a") as notes:
                notes.write(json.dumps({"pid": os.getpid(), **what}) + "\n")

        def once(name):
            try:
                os.close(os.open(name, os.O_CREAT | os.O_EXCL))
                return True
            except FileExistsError:
                return False

        note(started=True)
        for interval in pbt_client.connect():
            if interval.reload:
                weights = 0.0 if interval.checkpoint_in is None else float((interval.checkpoint_in / "weights").read_text())
            note(member=interval.member, interval=interval.number, reload=interval.reload, exploited=interval.exploited, seed=interval.seed)
            for step in range(interval.steps):
                weights += interval.hyperparameters["h"]
                interval.progress(step, weights=weights)
            (interval.checkpoint_out / "weights").write_text(repr(weights))
            if interval.number == 2 and once("death"):
                note(died=True, member=interval.member, seed=interval.seed)
                os.kill(os.getpid(), getattr(signal, sys.argv[1]))
                if interval.stopping:
                    continue
            interval.complete(weights)
        """;

    [Fact]
    public async Task A_trainer_is_started_once_for_each_slot_and_told_of_exploits()
    {
        using var study = New("SIGCONT");
        (await study.RunAsync(slots: 2)).Expect(0);
        var notes = Notes(study);
        Assert.Equal(2, notes.Count(static note => note.TryGetProperty("started", out _)));
        var intervals = notes.Where(static note => note.TryGetProperty("reload", out _)).ToList();
        Assert.Equal(32, intervals.Count);
        Assert.Contains(intervals, static note => note.GetProperty("exploited").GetBoolean());
        Assert.All(intervals, static note => Assert.True(note.GetProperty("reload").GetBoolean() || !note.GetProperty("exploited").GetBoolean()));
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying(" 0 differ");
    }

    [Theory]
    [InlineData("SIGKILL")]
    [InlineData("SIGTERM")]
    public async Task A_trainer_that_is_killed_between_checkpoint_and_completed_loses_nothing(string signal)
    {
        using var study = New(signal);
        (await study.RunAsync(slots: 2)).Expect(0);
        var notes = Notes(study);
        Assert.Equal(3, notes.Count(static note => note.TryGetProperty("started", out _)));
        var died = Assert.Single(notes, static note => note.TryGetProperty("died", out _));
        var tries = notes.Where(note => note.TryGetProperty("reload", out _) && note.GetProperty("interval").GetInt32() == 2
            && note.GetProperty("member").GetInt32() == died.GetProperty("member").GetInt32()).ToList();
        Assert.Equal(2, tries.Count);
        Assert.All(tries, note => Assert.Equal(died.GetProperty("seed").GetInt32(), note.GetProperty("seed").GetInt32()));
        Assert.True(tries[^1].GetProperty("reload").GetBoolean());
        Assert.Equal(0, (await study.StatusAsync()).GetProperty("intervals").GetProperty("failed").GetInt32());
    }

    private static List<JsonElement> Notes(Study study) => [.. File.ReadLines(study.At("notes.jsonl")).Select(Study.Parse)];

    private static Study New(string signal)
    {
        var study = new Study().Spec(
            $$"""
            name: python
            population: 4
            objective: { metric: score, goal: maximize }
            interval: { steps: 5 }
            budget: { intervals: 8 }
            hyperparameters:
              h: { type: float, min: 0, max: 1 }
            exploit: { strategy: truncation, top: 0.5, bottom: 0.5 }
            explore: { strategy: perturb }
            trainer: { protocol: session, command: [python3, train.py, {{signal}}] }
            """);
        File.WriteAllText(study.At("train.py"), Trainer);
        var path = File.Exists("/usr/bin/python3") ? "/usr/bin:" : "";
        return study.With("PYTHONPATH", Path.Combine(Root(), "clients", "python")).With("PATH", path + Environment.GetEnvironmentVariable("PATH"));
    }

    private static string Root()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "pbt.slnx")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The repository's root is not above the tests.");

        return directory;
    }
}

namespace Pbt.Submit.Tests;

/// <summary>A study whose workers are jobs of a real batch scheduler.</summary>
public sealed class GridEngineTests
{
    [GridEngineFact]
    public async Task A_study_runs_in_a_full_queue_loses_a_job_is_left_and_found_again_and_comes_to_the_same()
    {
        await using var engine = await GridEngine.StartAsync(slots: 2);
        var study = engine.Study;
        study.Dir = study.At("a study=1");
        Queued.Hold(study);
        await using (var run = study.StartRun(slots: 3))
        {
            await Eventually.HoldsAsync("two workers run and one waits", () => run.Printed.Contains("2 workers run, 1 waits", StringComparison.Ordinal), () => run.Printed + study.Describe(), seconds: 90);
            await study.JournalHasAsync("attempt_started", times: 2);
            Signals.Send(Queued.Workers(study)[0].Pid, Signal.Kill);
            await Eventually.HoldsAsync("another job", () => Queued.Submitted(study) == 4, () => run.Printed + study.Describe(), seconds: 90);
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3).Saying("submitted 3 workers to grid-engine", "submitted 1 worker to grid-engine", "leaving; workers go on");
        }

        await using var again = study.StartRun(slots: 3);
        await Eventually.HoldsAsync("it is watched again", () => again.Printed.Contains("workers run", StringComparison.Ordinal), () => again.Printed, seconds: 60);
        Queued.Release(study);

        (await again.EndAsync(study.Describe)).Expect(0).Saying("Taking up the study", "The study is complete");

        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
    }

    [GridEngineFact]
    public async Task Stop_deletes_what_runs_and_what_waits()
    {
        await using var engine = await GridEngine.StartAsync(slots: 1, seconds: 60);
        var study = engine.Study;
        await using (var run = study.StartRun(slots: 2))
        {
            await Eventually.HoldsAsync("two jobs", () => Queued.Submitted(study) == 2, () => run.Printed + study.Describe(), seconds: 90);
            await study.TrainersAsync();
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3);
        }

        (await study.PbtAsync("stop", study.Dir)).Expect(0).Saying("cancelled");

        await Eventually.HoldsAsync("no worker", () => Queued.Workers(study).Count == 0 && !study.Processes().Exists(static p => p.IsTrainer), study.Describe);
        await Eventually.HoldsAsync("no job", () => engine.AskAsync("qstat").GetAwaiter().GetResult().Length == 0, study.Describe);
    }
}

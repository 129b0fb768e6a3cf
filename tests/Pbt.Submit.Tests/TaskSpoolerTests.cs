namespace Pbt.Submit.Tests;

/// <summary>Studies whose workers are jobs of a real scheduler, reached by its own programs.</summary>
public sealed class TaskSpoolerTests
{
    [TaskSpoolerFact]
    public async Task A_study_with_fewer_running_jobs_than_members_comes_to_the_same_as_on_this_machine()
    {
        using var spooler = new TaskSpooler(slots: 2);
        var study = spooler.Study;

        (await study.RunAsync()).Expect(0).Saying("submitted 4 workers to tsp", "2 workers run, 2 wait", "The study is complete");

        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
        Assert.Equal(4, Queued.Submitted(study));
    }

    [TaskSpoolerFact]
    public async Task A_killed_job_is_replaced()
    {
        using var spooler = new TaskSpooler(slots: 2, "at_once: 2");
        var study = spooler.Study;
        Queued.Hold(study);
        await using var run = study.StartRun();
        await study.JournalHasAsync("attempt_started", times: 2);

        var victim = Queued.Jobs(study).First(static job => job.Event == "submitted");
        await Eventually.HoldsAsync("two workers", () => Queued.Workers(study).Count == 2, study.Describe);
        Signals.Send(Queued.Workers(study)[0].Pid, Signal.Kill);
        await Eventually.HoldsAsync("another job", () => Queued.Submitted(study) == 3, () => run.Printed + study.Describe());
        Queued.Release(study);

        (await run.EndAsync(study.Describe)).Expect(0).Saying("submitted 2 workers to tsp", "submitted 1 worker to tsp");
        Assert.Equal(3, Queued.Submitted(study));
        Assert.Equal("0", victim.Job);
        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
    }

    [TaskSpoolerFact]
    public async Task Leaving_lets_workers_go_on_and_running_again_finds_them()
    {
        using var spooler = new TaskSpooler(slots: 4);
        var study = spooler.Study;
        Queued.Hold(study);
        await using (var run = study.StartRun())
        {
            await study.JournalHasAsync("attempt_started");
            await Eventually.HoldsAsync("four jobs", () => Queued.Submitted(study) == 4, study.Describe);
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3).Saying("leaving; workers go on", "Run the same command again to watch it");
        }

        Assert.NotEqual(0, await spooler.CountAsync("running"));

        await using var again = study.StartRun();
        await Eventually.HoldsAsync("it is watched again", () => again.Printed.Contains("4 workers run", StringComparison.Ordinal), () => again.Printed);
        Queued.Release(study);

        (await again.EndAsync(study.Describe)).Expect(0).Saying("Taking up the study", "The study is complete");
        Assert.Equal(4, Queued.Submitted(study));
        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
    }

    [TaskSpoolerFact]
    public async Task Stop_cancels_what_runs_and_what_waits()
    {
        using var spooler = new TaskSpooler(slots: 1, seconds: 60);
        var study = spooler.Study;
        await using (var run = study.StartRun())
        {
            await study.TrainersAsync();
            await Eventually.HoldsAsync("four jobs", () => Queued.Submitted(study) == 4, study.Describe);
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3);
        }

        (await study.PbtAsync("stop", study.Dir)).Expect(0).Saying("demo is stopped", "jobs cancelled");

        await Eventually.HoldsAsync("no worker", () => Queued.Workers(study).Count == 0 && !study.Processes().Exists(static p => p.IsTrainer), study.Describe);
        Assert.Equal((0, 0), (await spooler.CountAsync("running"), await spooler.CountAsync("queued")));
    }

    [TaskSpoolerFact]
    public async Task No_more_jobs_exist_at_a_time_than_are_allowed()
    {
        using var spooler = new TaskSpooler(slots: 4, "at_once: 2\nslots_per_worker: 2", population: 6);
        var study = spooler.Study;

        (await study.RunAsync()).Expect(0).Saying("submitted 2 workers to tsp");

        Assert.Equal(2, Queued.Submitted(study));
        Assert.DoesNotContain("[pbt-demo-3", await spooler.AskAsync(), StringComparison.Ordinal);
    }

    [TaskSpoolerFact]
    public async Task A_scheduler_that_does_not_answer_for_a_while_is_waited_for()
    {
        using var spooler = new TaskSpooler(slots: 2, "at_once: 2");
        var study = spooler.Study;
        Queued.Hold(study);
        study.Script("asked.sh", "if [ -e broken ]; then echo 'try later' >&2; exit 75; fi\nexec tsp \"$@\"\n");
        study.Replace("status: [tsp", "status: [./asked.sh");
        await using var run = study.StartRun();
        await study.JournalHasAsync("attempt_started");

        await File.WriteAllTextAsync(study.At("broken"), string.Empty);
        await Eventually.HoldsAsync("the failure is told", () => run.Printed.Contains("ended with exit code 75: try later; trying again, and workers go on meanwhile", StringComparison.Ordinal), () => run.Printed);
        File.Delete(study.At("broken"));
        await Eventually.HoldsAsync("the answer is told", () => run.Printed.Contains("tsp answers again", StringComparison.Ordinal), () => run.Printed);
        Queued.Release(study);

        (await run.EndAsync(study.Describe)).Expect(0).Saying("The study is complete");
        Assert.Equal(2, Queued.Submitted(study));
    }
}

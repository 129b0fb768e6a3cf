using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>A resident trainer is told of its job's end and may save.</summary>
[Collection(Cluster.Name)]
public sealed class SessionTests(Cluster cluster)
{
    // Waits while it is held; told to stop, it completes a shorter interval.
    private const string Trainer =
        """
        import os, pathlib, time
        import pbt_client

        folder = pathlib.Path(os.environ["PBT_TEST_STUDY"])
        for interval in pbt_client.connect(defaults={"h": 0.5}, steps=100, intervals=1):
            with interval:
                old = int((pathlib.Path(interval.checkpoint_in) / "state").read_text()) if interval.checkpoint_in else 0
                with open(folder / "began", "a") as began:
                    began.write(f"{interval.member} {interval.number} {os.environ['SLURMD_NODENAME']} {os.environ['SLURM_JOB_ID']} {os.environ['SLURM_ARRAY_TASK_ID']} - -\n")
                step = 0
                while step < interval.steps and not interval.stopping:
                    if step == 40 and (folder / "hold").exists():
                        time.sleep(0.02)
                    else:
                        step += 1
                (pathlib.Path(interval.checkpoint_out) / "state").write_text(str(old + step))
                interval.complete(old + step, steps=step)

        """;

    [SlurmFact]
    public async Task Told_of_the_limit_it_completes_a_shorter_interval_and_the_successor_goes_on_from_there()
    {
        await using var on = new SlurmStudy(cluster);
        await File.WriteAllTextAsync(on.Study.At("train.py"), Trainer);
        on.Study.With("PYTHONPATH", Path.Combine(SystemPython.Repository, "clients", "python")).With("PATH", SystemPython.SearchPath).Spec(
            """
            name: resident
            population: 1
            objective: { metric: score, goal: maximize }
            interval: { steps: 100 }
            budget: { intervals: 3 }
            hyperparameters:
              h: { type: float, min: 0.0, max: 1.0 }
            exploit: { strategy: none }
            trainer: { protocol: session, command: [python3, train.py] }
            resources: { slots: 1 }
            backend: { kind: slurm, poll: 500ms }
            """);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(1);
        await on.TellAsync((await on.JobsAreAsync(1, "RUNNING"))[0][0]);
        var began = await on.BeganAsync(2);
        on.LetGo();
        (await run.EndAsync(on.Describe)).Expect(0);

        Assert.Equal([1, 2], began.Select(static b => b.Interval));
        Assert.NotEqual(began[0].Job, began[1].Job);
        Assert.Equal([40.0, 140.0, 240.0], on.Study.Journal().Where(static entry => entry.Type == "interval_completed").Select(static entry => entry.Data.GetProperty("score").GetDouble()));
        Assert.Equal(0, on.Study.Count("attempt_released") + on.Study.Count("interval_failed") + on.Study.Count("worker_lost"));
    }
}

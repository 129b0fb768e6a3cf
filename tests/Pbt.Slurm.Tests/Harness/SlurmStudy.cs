using System.Globalization;

namespace Pbt.Slurm.Tests.Harness;

/// <summary>A study on the cluster, whose trainers are a shell script that says where it runs, and waits while it is held.</summary>
internal sealed class SlurmStudy : IAsyncDisposable
{
    // A function of the checkpoint, the hyperparameter and the seed alone.
    private const string Trainer =
        """
        set -eu
        old=0
        if [ -n "$PBT_CHECKPOINT_IN" ]; then read -r old <"$PBT_CHECKPOINT_IN/state"; fi
        echo "$PBT_MEMBER $PBT_INTERVAL ${SLURMD_NODENAME:-none} ${SLURM_JOB_ID:-none} ${SLURM_ARRAY_TASK_ID:-none} gpus=${CUDA_VISIBLE_DEVICES-unset} setup=${SET_UP:-none}" >>"$PBT_TEST_STUDY/began"
        while [ -e "$PBT_TEST_STUDY/hold" ]; do sleep 0.05; done
        sleep "$1"
        new=$(awk -v old="$old" -v h="$2" -v seed="$PBT_SEED" 'BEGIN { printf "%.9f", old + 1 - (h - 0.3) * (h - 0.3) + (seed % 1000) / 100000 }')
        echo "$new" >"$PBT_CHECKPOINT_OUT/state"
        echo "{\"score\": $new}" >"$PBT_RESULT"

        """;

    private readonly Cluster _cluster;

    public SlurmStudy(Cluster cluster)
    {
        _cluster = cluster;
        Study = new Study().With("SLURM_CONF", cluster.Configuration).Script("train.sh", Trainer);
    }

    public Study Study { get; }

    /// <summary>A trainer that has begun an interval.</summary>
    public sealed record Beginning(int Member, int Interval, string Node, string Job, string Seat, string Gpus, string SetUp);

    /// <summary>Writes the spec.</summary>
    /// <param name="backend">The backend's keys besides its kind, in YAML's flow style.</param>
    /// <param name="population">Members.</param>
    /// <param name="intervals">Intervals of each.</param>
    /// <param name="slots">Attempts at a time.</param>
    /// <param name="mode">How members are compared.</param>
    /// <param name="kind">The backend's kind.</param>
    /// <param name="poll">How often its jobs are looked at.</param>
    public SlurmStudy Spec(string backend, int population = 4, int intervals = 3, int slots = 2, string mode = "asynchronous", string kind = "slurm", string poll = "500ms")
    {
        Study.Spec(string.Create(CultureInfo.InvariantCulture, $$$"""
            name: demo
            seed: 5
            population: {{{population}}}
            mode: {{{mode}}}
            lease: 5s
            objective: { metric: score, goal: maximize }
            interval: { steps: 10 }
            budget: { intervals: {{{intervals}}} }
            hyperparameters:
              h: { type: float, min: 0.0, max: 1.0 }
            exploit: { strategy: truncation, top: 0.34, bottom: 0.34 }
            explore: { strategy: perturb }
            trainer:
              command: [./train.sh, "0.1", "{h}"]
              grace: 0s
            resources: { slots: {{{slots}}} }
            backend: {{{(kind == "slurm" ? $"{{ kind: slurm, poll: {poll}{(backend.Length > 0 ? ", " : string.Empty)}{backend} }}" : $"{{ kind: {kind} }}")}}}

            """));
        return this;
    }

    /// <summary>Trainers wait from now on.</summary>
    public void Hold() => File.WriteAllText(Study.At("hold"), string.Empty);

    /// <summary>Trainers go on.</summary>
    public void LetGo() => File.Delete(Study.At("hold"));

    /// <summary>The trainers that have begun.</summary>
    public List<Beginning> Began()
    {
        var path = Study.At("began");
        return !File.Exists(path)
            ? []
            : [.. File.ReadAllText(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ')).Select(static f => new Beginning(
                int.Parse(f[0], CultureInfo.InvariantCulture), int.Parse(f[1], CultureInfo.InvariantCulture), f[2], f[3], f[4], f[5], f[6]))];
    }

    /// <summary>Waits until so many trainers have begun.</summary>
    public async Task<List<Beginning>> BeganAsync(int atLeast, double seconds = 60) =>
        await Eventually.HasAsync($"{atLeast} trainers have begun", () => Began() is var began && began.Count >= atLeast ? began : null, Describe, seconds);

    /// <summary>The study's jobs as Slurm lists them: id, seat, state.</summary>
    public async Task<List<string[]>> JobsAsync(params string[] states)
    {
        var listed = await _cluster.RunAsync("squeue", "-h", "-r", "-t", states.Length == 0 ? "all" : string.Join(',', states), "-o", "%i %K %T %j %k");
        return [.. listed.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split(' ', 5)).Where(fields => fields.Length == 5 && fields[4] == Study.Dir)];
    }

    /// <summary>Waits until the jobs in some states are so many.</summary>
    public async Task<List<string[]>> JobsAreAsync(int count, params string[] states)
    {
        for (var clock = System.Diagnostics.Stopwatch.StartNew(); ;)
        {
            var jobs = await JobsAsync(states);
            if (jobs.Count == count)
                return jobs;

            Assert.True(clock.Elapsed.TotalSeconds < 60, $"{jobs.Count} instead of {count} jobs are {string.Join(',', states)}\n{Describe()}");
            await Task.Delay(50);
        }
    }

    /// <summary>Tells a job of its end ahead of time, as Slurm does.</summary>
    /// <remarks>scancel complains where the job has ended by the time it looks again.</remarks>
    public Task TellAsync(string job) => _cluster.RunAsync("scancel", "--signal=USR1", "--batch", job);

    /// <summary>The digest of what came out.</summary>
    public async Task<string> DigestAsync() => (await Study.StatusAsync()).GetProperty("outcome_digest").GetString()!;

    /// <summary>How things stand.</summary>
    public string Describe()
    {
        using var squeue = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("squeue", ["-r", "-t", "all", "-o", "%i %K %T %r %j"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            Environment = { ["SLURM_CONF"] = _cluster.Configuration },
        })!;
        var jobs = squeue.StandardOutput.ReadToEnd();
        squeue.WaitForExit();
        return $"{Study.Describe()}\n--- jobs\n{jobs}";
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in await JobsAsync("PENDING", "RUNNING", "SUSPENDED"))
            await _cluster.RunAsync("scancel", job[0]);

        Study.Dispose();
        await JobsAreAsync(0, "PENDING", "RUNNING", "COMPLETING");
    }
}

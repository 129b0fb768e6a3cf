using System.Text.Json;

namespace Pbt.Submit.Tests;

/// <summary>Studies whose workers are jobs of NGC, against a stand-in for its program that takes the documented command lines only.</summary>
/// <remarks>The real service is not asked: what these tests show is that the command lines are those that it documents.</remarks>
public sealed class NgcTests
{
    private const string Keys =
        """
        kind: ngc
        name: "ml-model.{name}"
        org: nvidian
        team: robotics
        ace: nv-us-west-2
        instance: dgx1v.16g.1.norm
        image: nvcr.io/nvidian/pbt:1.0
        workspaces: ["my-ws:ROOT:RW", "other:/other:RO"]
        datasets: ["47895:/data"]
        result: /result
        priority: NORMAL
        preempt: RUNONCE
        total_runtime: 2h
        arguments: [--label, _wl___robotics, --order, 50]
        commandline: "cd / && exec {worker}"
        directory: "DIR"
        """;

    [Fact]
    public async Task A_study_runs_by_jobs_made_of_keys()
    {
        using var study = Create(Keys);

        (await study.RunAsync(slots: 2)).Expect(0).Saying("submitted 2 workers to ngc", "The study is complete");

        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
        Assert.StartsWith("ml-model.pbt-demo-", Job(study, 4000).GetProperty("name").GetString(), StringComparison.Ordinal);
        Assert.Contains(Job(study, 4000).GetProperty("arguments").EnumerateArray(), static argument => argument.GetString() is "--total-runtime");
    }

    [Fact]
    public async Task A_study_runs_by_the_job_template_of_an_IsaacGymEnvs_user()
    {
        using var study = Create("kind: ngc\ntemplate: job.template\nstates_by: get\ndirectory: \"DIR\"");
        await File.WriteAllTextAsync(study.At("job.template"),
            "ngc batch run --name \"{{ name }}\" --preempt RUNONCE --min-timeslice 0S \\\n" +
            "  --total-runtime 3600S --ace nv-us-west-2 --instance dgx1v.16g.1.norm \\\n" +
            "  --commandline \"cd / ; {{ experiment_cmd }}\" --result /result \\\n" +
            $"  --image \"nvcr.io/nvidian/isaac:2\" --org nvidian --team robotics --workspace 'ws:{study.Root}:RW'\n");

        (await study.RunAsync(slots: 2)).Expect(0).Saying("submitted 2 workers to ngc", "The study is complete");

        Assert.Equal(await Queued.LocalDigestAsync(), await Queued.DigestAsync(study));
    }

    [Fact]
    public async Task Stop_kills_the_jobs()
    {
        using var study = Create(Keys.Replace("exec {worker}", "sleep 1000 && {worker}", StringComparison.Ordinal));
        await using (var run = study.StartRun(slots: 2))
        {
            await Eventually.HoldsAsync("two jobs", () => Queued.Submitted(study) == 2, () => run.Printed, seconds: 60);
            run.Send(Signal.Interrupt);
            (await run.EndAsync(study.Describe)).Expect(3).Saying("leaving; workers go on");
        }

        (await study.PbtAsync("stop", study.Dir)).Expect(0).Saying("2 jobs cancelled");
        await Eventually.HoldsAsync("no job", () => !study.Processes().Exists(static p => p.CommandLine.Contains("sleep", StringComparison.Ordinal)), study.Describe);
    }

    [Fact]
    public async Task A_study_that_containers_cannot_reach_is_refused_before_anything_is_made()
    {
        using var study = Create(Keys.Replace("my-ws:ROOT:RW", "my-ws:/elsewhere:RW", StringComparison.Ordinal));

        (await study.RunAsync()).Expect(2).Saying("containers of NGC see neither this machine's disk nor each other's", "--store postgres://", "checkpoints.store: s3://", "mounted: my-ws:/elsewhere:RW, other:/other:RO");
        Assert.False(Directory.Exists(study.Dir));
    }

    [Fact]
    public async Task What_the_service_refuses_is_an_error()
    {
        using var study = Create(Keys.Replace("nvcr.io/nvidian/pbt:1.0", "not an image", StringComparison.Ordinal));

        (await study.RunAsync()).Expect(2).Saying("a worker could not be submitted: ngc batch run", "--image 'not an image'", "exit code 2");
    }

    [Fact]
    public async Task Print_only_shows_a_command_line_that_a_shell_reads_as_it_is_meant()
    {
        using var study = Create(Keys);

        var output = (await study.RunAsync(slots: 1, "--print-only")).Expect(0);

        Assert.StartsWith("ngc batch run --name ml-model.pbt-demo-", output.Out, StringComparison.Ordinal);
        Assert.Contains("--commandline 'cd / && exec pbt worker ", output.Out, StringComparison.Ordinal);
        Assert.False(Directory.Exists(study.Dir));
    }

    private static Study Create(string backend)
    {
        var study = Queued.Create(backend);
        study.Spec(File.ReadAllText(study.SpecPath).Replace("ROOT", study.Root, StringComparison.Ordinal).Replace("DIR", study.Dir, StringComparison.Ordinal));
        study.Script("pbt", $"exec dotnet '{PbtProcess.Program}' \"$@\"\n");
        Directory.CreateDirectory(study.At("service"));
        return study
            .With("NGC_STAND_IN", study.At("service"))
            .With("PATH", $"{study.Root}:{Path.Combine(AppContext.BaseDirectory, "Programs")}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    private static JsonElement Job(Study study, int id) => Study.Parse(File.ReadAllText(study.At($"service/{id}.json")));
}

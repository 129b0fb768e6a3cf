using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>What is submitted is what was asked for; what Slurm refuses ends the command with Slurm's own words.</summary>
[Collection(Cluster.Name)]
public sealed class RequestTests(Cluster cluster)
{
    [SlurmFact]
    public async Task No_name_and_no_value_breaks_the_script()
    {
        await using var on = new SlurmStudy(cluster).Spec(
            "setup: [\"export SET_UP='a\\\"b$HOME'\"], directives: [\"--mail-user=\\\"o'hara <a@b>\\\"\", \"--nice=0\"]", population: 2, intervals: 1);
        on.Study.Dir = on.Study.At("a'b\"c %A #d $HOME $(touch x);&é*\t?");
        (await on.Study.RunAsync()).Expect(2).Saying("control character");

        on.Study.Dir = on.Study.At("a\\b");
        (await on.Study.RunAsync()).Expect(2).Saying("backslash");

        on.Study.Dir = on.Study.At("a'b\"c %A #d $HOME $(touch x) `touch x`;&é*? -n");
        (await on.Study.RunAsync()).Expect(0);
        Assert.All(on.Began(), static b => Assert.Equal("setup=a\"b$HOME", b.SetUp));
        Assert.Equal(2, Directory.GetFiles(Path.Combine(on.Study.Dir, "logs"), "slurm-*_*.log").Length);
        Assert.Empty(Directory.GetFiles(on.Study.Root, "x", SearchOption.AllDirectories));
    }

    [SlurmFact]
    public async Task What_print_only_shows_is_what_sbatch_takes()
    {
        await using var on = new SlurmStudy(cluster).Spec("gpus: 1, time: 90s, memory: 100M, constraint: \"a'b\"", slots: 2);
        var shown = (await on.Study.RunAsync(more: "--print-only")).Expect(0)
            .Saying("'sbatch' '--parsable' '--array=0-1'", "#SBATCH --gres=gpu:1\n", "#SBATCH --time=2\n", "#SBATCH --mem=100M\n", "#SBATCH --constraint=\"a'b\"\n", $"'worker' '{on.Study.Dir}' '--slots' '1'");
        Assert.False(Directory.Exists(on.Study.Dir));
        Assert.Empty(await on.JobsAsync());

        on.Spec(string.Empty, population: 2, intervals: 1, slots: 1);
        shown = (await on.Study.RunAsync(more: "--print-only")).Expect(0);
        (await on.Study.RunAsync()).Expect(0);
        await File.WriteAllTextAsync(on.Study.At("by-hand"), shown.Out);
        (await cluster.RunAsync("bash", on.Study.At("by-hand"))).Expect(0);
        await on.JobsAreAsync(2, "COMPLETED");
    }

    [SlurmFact]
    public async Task What_Slurm_refuses_ends_the_command_with_Slurms_words()
    {
        await using var on = new SlurmStudy(cluster).Spec("partition: nowhere");
        (await on.Study.RunAsync()).Expect(2).Saying("Slurm refuses the workers", "Invalid partition name specified");

        on.Spec("constraint: nothing-has-it");
        (await on.Study.RunAsync()).Expect(2).Saying("Invalid feature specification");
    }

    [SlurmFact]
    public async Task Where_there_is_no_Slurm_pbt_says_what_it_lacks()
    {
        await using var on = new SlurmStudy(cluster).Spec(string.Empty);
        on.Study.With("PATH", "/nowhere").With("DOTNET_ROOT", Path.GetDirectoryName(Environment.ProcessPath)!);
        await using var run = on.Study.StartShell("PATH=/nowhere exec \"" + Environment.ProcessPath + "\" \"" + PbtProcess.Program + "\" run \"" + on.Study.SpecPath + "\" --dir \"" + on.Study.Dir + "\"");
        (await run.EndAsync(on.Describe)).Expect(2).Saying("squeue could not be started", "Slurm's commands have to be in the PATH");
    }

    [SlurmFact]
    public async Task A_trainer_that_never_works_ends_the_command_with_its_log()
    {
        await using var on = new SlurmStudy(cluster).Spec("replacements: 1, setup: [\"echo broken set-up; exit 7\"]", population: 2, slots: 1);
        (await on.Study.RunAsync()).Expect(2).Saying("workers cannot go on", "2 have ended", "FAILED", "broken set-up");
    }

    [SlurmFact]
    public async Task A_template_of_ones_own_is_run_with_the_worker_in_it()
    {
        await using var on = new SlurmStudy(cluster);
        var template = on.Study.At("my template.sh");
        await File.WriteAllTextAsync(template, "#!/bin/sh\n#SBATCH --comment=mine\n#SBATCH --nice=5\n\n# {worker} below\nset -eu\nexport SET_UP=template\n  env {worker}\necho after $? >>\"$PBT_TEST_STUDY/after\"\n");
        on.Spec($"template: \"{template}\"", population: 2, intervals: 1, slots: 1);
        on.Hold();
        await using var run = on.Study.StartRun();
        await on.BeganAsync(1);
        await on.TellAsync((await on.JobsAreAsync(1, "RUNNING"))[0][0]);
        await on.BeganAsync(2);
        on.LetGo();
        (await run.EndAsync(on.Describe)).Expect(0);
        Assert.All(on.Began(), static b => Assert.Equal("setup=template", b.SetUp));
        await Eventually.HoldsAsync("the script goes on after the worker", () => File.Exists(on.Study.At("after")) && File.ReadAllLines(on.Study.At("after")).Length == 2, on.Describe);
        Assert.Equal(1, on.Study.Count("attempt_released"));
    }

    [SlurmFact]
    public async Task A_template_without_the_worker_is_refused()
    {
        await using var on = new SlurmStudy(cluster);
        var template = on.Study.At("template.sh");
        await File.WriteAllTextAsync(template, "#!/bin/bash\necho nothing starts here\n");
        on.Spec($"template: \"{template}\"");
        (await on.Study.RunAsync()).Expect(2).Saying("it does not start the worker", "{worker}");
        Assert.False(Directory.Exists(on.Study.Dir));
    }
}

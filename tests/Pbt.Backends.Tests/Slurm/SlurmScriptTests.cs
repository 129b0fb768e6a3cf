using System.Diagnostics;
using Pbt.Backends.Slurm;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Backends.Tests.Slurm;

public sealed class SlurmScriptTests
{
    private static readonly SlurmBackendSpec Spec = new() { Template = "/templates/mine.sh" };

    [Fact]
    public void Options_become_directives()
    {
        var script = Write(new SlurmBackendSpec
        {
            Partition = "gpu",
            Account = "a b",
            Qos = "high",
            Time = TimeSpan.FromSeconds(3601),
            Nodes = 2,
            CpusPerWorker = 8,
            Memory = "16G",
            Gpus = "a100:2",
            Gres = ["lscratch:10"],
            Constraint = "a&b",
            Directives = ["--exclusive"],
            SignalAhead = TimeSpan.FromSeconds(90),
            Requeue = false,
            Setup = ["module load cuda"],
        });
        foreach (var line in (string[])[
            "#SBATCH --partition=\"gpu\"", "#SBATCH --account=\"a b\"", "#SBATCH --qos=\"high\"", "#SBATCH --time=61", "#SBATCH --nodes=2", "#SBATCH --cpus-per-task=8",
            "#SBATCH --mem=16G", "#SBATCH --gres=gpu:a100:2,lscratch:10", "#SBATCH --constraint=\"a&b\"", "#SBATCH --exclusive", "#SBATCH --signal=B:USR1@90",
            "#SBATCH --no-requeue", "module load cuda"])
        {
            Assert.Contains($"\n{line}\n", script, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void What_is_not_asked_for_is_left_to_the_cluster()
    {
        var script = Write(new SlurmBackendSpec());
        foreach (var option in (string[])["partition", "account", "qos", "time=", "nodes", "cpus", "mem", "gres", "constraint"])
            Assert.DoesNotContain($"#SBATCH --{option}", script, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/a'b\"c $HOME `x` $(x) ;&*?")]
    [InlineData("/-n")]
    public async Task The_workers_arguments_reach_it_as_they_are(string root)
    {
        var script = SlurmScript.Write(new SlurmBackendSpec(), new StudyDirectory(root), "pbt-x-1", ["printf", "%s|", root, "b c"], 1, template: null);
        var start = new ProcessStartInfo("sh", ["-c", script, "sh"]) { UseShellExecute = false, RedirectStandardOutput = true, Environment = { ["SLURM_ARRAY_TASK_ID"] = "0" } };
        using var process = Process.Start(start)!;
        Assert.Equal($"{root}|b c|", await process.StandardOutput.ReadToEndAsync());
    }

    [Theory]
    [InlineData("/a\nb", "control character")]
    [InlineData("/a\\b", "backslash")]
    public void A_directory_that_no_script_can_carry_is_refused(string root, string words) =>
        Assert.Contains(words, Assert.Throws<InvalidRequestException>(() => SlurmScript.Write(new SlurmBackendSpec(), new StudyDirectory(root), "n", ["w"], 1, null)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("#!/bin/bash\necho\n", "it does not start the worker")]
    [InlineData("#!/bin/bash\n# {worker}\n", "it does not start the worker")]
    [InlineData("#!/bin/bash\n{worker}\n{worker}\n", "more than once")]
    [InlineData("#!/usr/bin/python3\n{worker}\n", "first line")]
    [InlineData("{worker}\n", "first line")]
    [InlineData("#!/bin/sh\n{worker} &\n", "line of its own")]
    [InlineData("#!/bin/sh\nsrun \\\n{worker}\n", "line of its own")]
    public void A_template_that_cannot_be_one_is_refused(string template, string words)
    {
        var refusal = Assert.Throws<InvalidRequestException>(() => Write(Spec, template));
        Assert.StartsWith("backend.template: /templates/mine.sh ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(words, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_templates_own_directives_come_first_so_that_the_specs_prevail()
    {
        var script = Write(Spec with { Partition = "gpu" }, "#!/bin/bash -l\n#SBATCH --partition=cpu\n\n# a comment\nmodule load x\nsrun {worker}\necho done");
        Assert.StartsWith("#!/bin/bash -l\n#SBATCH --partition=cpu\n", script, StringComparison.Ordinal);
        Assert.True(script.IndexOf("--partition=cpu", StringComparison.Ordinal) < script.IndexOf("--partition=\"gpu\"", StringComparison.Ordinal));
        Assert.True(script.IndexOf("--partition=\"gpu\"", StringComparison.Ordinal) < script.IndexOf("module load x", StringComparison.Ordinal));
        Assert.Contains("srun 'pbt' 'worker' '/study' &\n", script, StringComparison.Ordinal);
        Assert.EndsWith("echo done\n", script, StringComparison.Ordinal);
    }

    private static string Write(SlurmBackendSpec spec, string? template = null) =>
        SlurmScript.Write(spec, new StudyDirectory("/study"), "pbt-x-1", ["pbt", "worker", "/study"], 3, template);
}

using System.Text.RegularExpressions;
using Pbt.Slurm.Tests.Harness;

namespace Pbt.Slurm.Tests;

/// <summary>docs/clusters.md can be followed.</summary>
[Collection(Cluster.Name)]
public sealed partial class PageTests(Cluster cluster)
{
    private static readonly Lazy<string> Page = new(static () => File.ReadAllText(Path.Combine(SystemPython.Repository, "docs", "clusters.md")));

    private const string Study =
        """
        name: demo
        population: 4
        objective: { metric: score, goal: maximize }
        interval: { steps: 10 }
        budget: { intervals: 3 }
        hyperparameters:
          h: { type: float, min: 0.0, max: 1.0 }
        exploit: { strategy: truncation, top: 0.34, bottom: 0.34 }
        trainer:
          command: [./train.sh, "0.1", "{h}"]

        """;

    [SlurmFact]
    public async Task Its_backend_is_valid_shown_and_runs_with_what_this_cluster_has()
    {
        await using var on = new SlurmStudy(cluster);
        on.Study.Spec(Study + Block("yaml", "kind: slurm"));

        (await on.Study.PbtAsync("validate", on.Study.SpecPath)).Expect(0);
        (await on.Study.RunAsync(null, "--print-only")).Expect(0).Saying(
            "#SBATCH --partition=\"gpu\"", "#SBATCH --account=\"my-project\"", "#SBATCH --time=240", "#SBATCH --cpus-per-task=8", "#SBATCH --gres=gpu:1", "module load cuda", "source ~/venv/bin/activate");
        Assert.Empty(await on.JobsAsync());
        string[] own = ["backend.partition=main", "backend.cpus_per_worker=1", "backend.memory=100", "backend.setup=[]", "backend.poll=500ms"];
        (await on.Study.RunAsync(null, [.. own.SelectMany(static value => (string[])["--set", value])])).Expect(0).Saying("submitted 4 workers to slurm");
        Assert.All(on.Began(), static trainer => Assert.Contains(trainer.Gpus, (string[])["gpus=0", "gpus=1"]));
    }

    [SlurmFact]
    public async Task A_spec_need_not_name_the_cluster()
    {
        Assert.Contains("`--backend slurm --set backend.partition=gpu`", Page.Value, StringComparison.Ordinal);
        await using var on = new SlurmStudy(cluster);
        on.Study.Spec(Study);

        (await on.Study.RunAsync(null, "--backend", "slurm", "--set", "backend.partition=gpu", "--print-only")).Expect(0).Saying("#SBATCH --partition=\"gpu\"");
    }

    [SlurmFact]
    public async Task Its_batch_script_is_taken_as_a_template()
    {
        await using var on = new SlurmStudy(cluster);
        await File.WriteAllTextAsync(on.Study.At("job.sh"), Block("sh", "{worker}"));
        on.Study.Spec(Study + "backend: { kind: slurm, template: job.sh }\n");

        (await on.Study.RunAsync(null, "--print-only")).Expect(0).Saying("#SBATCH --reservation=class", "apptainer exec --nv image.sif");
    }

    /// <summary>The page's first block of a language that has a text.</summary>
    private static string Block(string language, string text) =>
        Blocks().Matches(Page.Value).First(match => match.Groups["language"].Value == language && match.Groups["text"].Value.Contains(text, StringComparison.Ordinal)).Groups["text"].Value;

    [GeneratedRegex("^```(?<language>[a-z]+)[^\n]*\n(?<text>.*?)^```", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Blocks();
}

using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Recipes;

/// <summary>The recipes for existing programs: all are valid; those whose program can be had here are run, others with a stand-in.</summary>
public sealed class RecipeTests
{
    public static TheoryData<string> Specs => [.. Recipe.Specs];

    [Theory]
    [MemberData(nameof(Specs))]
    public async Task A_recipe_s_spec_is_valid(string spec)
    {
        using var study = new Study();
        (await study.PbtAsync("validate", Path.Combine(Recipe.Root, spec))).Expect(0);
    }

    [Fact]
    public void The_recipes_programs_are_Python_3_9()
    {
        const string Parse = "import ast, sys\nfor path in sys.argv[1:]: ast.parse(open(path).read(), path, feature_version=(3, 9))";
        var programs = Directory.GetFiles(Recipe.Root, "*.py", SearchOption.AllDirectories);
        Assert.Equal(6, programs.Length);
        using var process = Process.Start(new ProcessStartInfo("python3", ["-c", Parse, .. programs]) { UseShellExecute = false })!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    [PythonFact("torch")]
    public async Task An_ordinary_PyTorch_script_trains_each_interval_with_the_values_of_that_interval()
    {
        using var study = Recipe.Small("pytorch/study.yaml", steps: 2);

        (await study.RunAsync(slots: 2)).Expect(0);

        var changes = (await ScheduleAsync(study)).EnumerateArray().ToList();
        var lines = Trained(study, changes).ToList();
        Assert.Equal(Enumerable.Range(1, 2 * changes.Count).Select(static epoch => $"epoch {epoch}:"), lines.Select(static line => line.Line[..8]));
        Assert.All(lines, static line => Assert.Equal(line.Rate, double.Parse(line.Line.Split(' ', ',')[3], CultureInfo.InvariantCulture), line.Rate * 1e-5));
        Assert.Equal(changes.Count, lines.Select(static line => line.Rate).Distinct().Count());
        var best = (await study.StatusAsync()).GetProperty("best");
        Assert.Equal(double.Parse(lines[^1].Line.Split(' ')[^2], CultureInfo.InvariantCulture), best.GetProperty("score").GetDouble());
        Assert.Equal(["checkpoint.pt"], Directory.GetFileSystemEntries(Path.Combine(study.Dir, best.GetProperty("checkpoint").GetString()!)).Select(Path.GetFileName).Where(static name => name![0] != '.'));
    }

    [PythonFact("torch")]
    public async Task A_PyTorch_script_alone_goes_on_with_the_learning_rate_of_its_checkpoint()
    {
        using var study = Recipe.Small("pytorch/study.yaml", steps: 1);
        study.Script("both.sh", "python3 train.py --lr 0.5 --epochs 1 >/dev/null && exec python3 train.py --lr 0.25 --epochs 2 --resume checkpoint.pt\n");
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/env", ["PATH=/usr/bin:/bin", study.At("both.sh")])
        {
            WorkingDirectory = study.Root,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        })!;

        Assert.StartsWith("epoch 2: lr 0.5,", await process.StandardOutput.ReadToEndAsync(), StringComparison.Ordinal);
    }

    // Each stand-in's weights, and its reward, are the sum of the learning rates that it was given: so the best score is that of its schedule.
    [Theory]
    [InlineData("rl_games/isaacgymenvs.yaml", "/opt/IsaacGymEnvs/isaacgymenvs/train.py", "rl_games_train.py", 3, 3)]
    [InlineData("rl_games/isaaclab.yaml", "/opt/IsaacLab/scripts/reinforcement_learning/rl_games/train.py", "rl_games_train.py", 3, 3)]
    [InlineData("stable-baselines3/zoo.yaml", null, null, 512, 1)]
    [InlineData("unity-ml-agents/study.yaml", null, null, 24000, 1)]
    public async Task Weights_hyperparameters_and_steps_of_a_recipe_follow_the_lineage(string spec, string? program, string? standIn, int steps, int ratesAnInterval)
    {
        using var study = Recipe.Small(spec, steps).With("PYTHONPATH", Recipe.StandIns);
        if (program is not null)
            study.Replace(program, Path.Combine(Recipe.StandIns, standIn!));

        (await study.RunAsync(slots: 2)).Expect(0);

        var sum = (await ScheduleAsync(study)).EnumerateArray()
            .Sum(change => change.GetProperty("hyperparameters").GetProperty("learning_rate").GetDouble() * change.GetProperty("steps").GetInt64() * ratesAnInterval / steps);
        Assert.Equal(sum, (await study.StatusAsync()).GetProperty("best").GetProperty("score").GetDouble(), 2e-6);
        Assert.Equal(0, study.Count("attempt_failed"));
    }

    [PythonFact("torch")]
    public async Task Hugging_Face_s_optimizer_schedule_and_random_state_follow_the_interval()
    {
        using var study = Recipe.Small("hugging-face/study.yaml", steps: 2);
        study.Replace("/opt/transformers/examples/pytorch/text-classification/run_glue.py", Path.Combine(Recipe.StandIns, "run_glue.py"));

        (await study.RunAsync(slots: 2)).Expect(0);

        var changes = (await ScheduleAsync(study)).EnumerateArray().ToList();
        var lines = Trained(study, changes).ToList();
        Assert.Equal(changes.Select(Expected), lines.Where(static line => line.Line.StartsWith("steps", StringComparison.Ordinal)).Select(static line => Rounded(line.Line)));
        Assert.Equal(changes.Count, lines.Where(static line => line.Line.StartsWith("draw", StringComparison.Ordinal)).Select(static line => line.Line).Distinct().Count());
        var best = (await study.StatusAsync()).GetProperty("best");
        Assert.Contains("optimizer.pt", Directory.GetFiles(Path.Combine(study.Dir, best.GetProperty("checkpoint").GetString()!)).Select(Path.GetFileName));
    }

    private static string Expected(JsonElement change)
    {
        var values = change.GetProperty("hyperparameters");
        var (rate, decay) = (values.GetProperty("learning_rate").GetDouble(), values.GetProperty("weight_decay").GetDouble());
        return Rounded(string.Create(CultureInfo.InvariantCulture, $"steps {change.GetProperty("last_interval").GetInt32() * 2} lr {rate} {rate} decay {decay} 0"));
    }

    private static string Rounded(string line) => string.Join(
        ' ', line.Split(' ').Select(static word => double.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number.ToString("G6", CultureInfo.InvariantCulture) : word));

    private static async Task<JsonElement> ScheduleAsync(Study study) =>
        Study.Parse((await study.PbtAsync("schedule", study.Dir, "--export", "json")).Expect(0).Out).GetProperty("changes");

    /// <summary>What the attempts along a schedule printed, with the learning rate that each was given.</summary>
    private static IEnumerable<(double Rate, string Line)> Trained(Study study, IEnumerable<JsonElement> changes)
    {
        foreach (var change in changes)
        {
            var values = change.GetProperty("hyperparameters");
            var rate = values.TryGetProperty("lr", out var lr) ? lr.GetDouble() : values.GetProperty("learning_rate").GetDouble();
            for (var interval = change.GetProperty("first_interval").GetInt32(); interval <= change.GetProperty("last_interval").GetInt32(); interval++)
            {
                var log = Path.Combine(study.Dir, string.Create(CultureInfo.InvariantCulture, $"logs/m{change.GetProperty("member").GetInt32():0000}"));
                var file = Directory.GetFiles(log, string.Create(CultureInfo.InvariantCulture, $"i{interval:000000}-*.log")).Single();
                foreach (var line in File.ReadLines(file))
                    yield return (rate, line);
            }
        }
    }
}

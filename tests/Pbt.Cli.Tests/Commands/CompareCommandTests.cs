using System.CommandLine;
using System.Globalization;
using Pbt.Cli.Commands;
using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class CompareCommandTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("pbt-compare-").FullName;
    private readonly List<TestStudy> _studies = [];

    public void Dispose()
    {
        _studies.ForEach(static s => s.Dispose());
        Directory.Delete(_root, recursive: true);
    }

    // The figures were recomputed from the runs' scores in Python, to the last digit, by a Philox of its own, NumPy and SciPy.
    [Fact]
    public async Task The_table_has_means_intervals_and_odds()
    {
        var printed = await RunAsync(Spec("pbt"), Spec("drift", strategies: "exploit: { strategy: none }\nexplore: { strategy: none }"), "--seeds", "8", "--against", "random");

        Assert.Equal((0, string.Empty), (printed.Exit, printed.Error));
        Assert.Equal(
            """
            score of the best member at the end (maximize q), 2,400 steps a run
            [95 % bootstrap intervals over runs, 10,000 resamples]

            study       runs  mean                        interquartile mean
            pbt            8  1.12566 [1.12513, 1.12618]  1.12565 [1.12501, 1.12631]
            drift          8  1.1220 [1.1194, 1.1245]     1.1224 [1.1186, 1.1253]
            pbt-random     8  1.1220 [1.1194, 1.1245]     1.1224 [1.1186, 1.1253]

            probability of improvement  over pbt           over pbt-random
            pbt                         -                  0.81 [0.56, 1.00]
            drift                       0.19 [0.00, 0.45]  0.50 [0.21, 0.79]
            pbt-random                  0.19 [0.00, 0.45]  -

            """,
            printed.Out);
    }

    [Fact]
    public async Task The_figures_do_not_depend_on_how_many_run_at_a_time()
    {
        var one = await RunAsync(Spec("pbt"), "--seeds", "5", "--against", "random", "--slots", "1", "--json");
        var many = await RunAsync(Spec("pbt"), "--seeds", "5", "--against", "random", "--slots", "7", "--json");

        Assert.Equal(one, many);
    }

    [Fact]
    public async Task JSON_has_every_run_to_its_last_digit()
    {
        var json = (await RunAsync(Spec("pbt", seed: 40), "--seeds", "3", "--against", "constant", "--against", "random", "--json")).Json;

        JsonKeys.AssertHas(json, "measure", "objective", "confidence", "resamples", "equal_budget", "notes", "studies");
        Assert.Equal(["pbt", "pbt-random", "pbt-constant"], json["studies"]!.AsArray().Select(static s => (string)s!["study"]!));
        var study = json["studies"]![0]!;
        JsonKeys.AssertHas(study, "study", "training", "mean", "iqm", "sd", "min", "median", "max", "improvements", "runs");
        Assert.DoesNotContain("curve", JsonKeys.Of(study));
        Assert.Equal([40, 41, 42], study["runs"]!.AsArray().Select(static r => (int)r!["seed"]!));
        Assert.Equal(["pbt-random", "pbt-constant"], study["improvements"]!.AsArray().Select(static i => (string)i!["over"]!));
        Assert.Equal(study["runs"]!.AsArray().Average(static r => (double)r!["final"]!), (double)study["mean"]!["value"]!, 1e-12);
    }

    [Fact]
    public async Task The_tables_for_papers_have_a_row_for_each_study()
    {
        string[] arguments = [Spec("a_b"), "--seeds", "8", "--against", "random", "--format"];

        Assert.Equal(
            """
            score of the best member at the end (maximize q), 2,400 steps a run [95 % bootstrap intervals over runs, 10,000 resamples]

            | study | runs | mean | IQM | P(better than a\_b) | P(better than a\_b-random) |
            |---|---:|---|---|---|---|
            | a\_b | 8 | 1.12566 [1.12513, 1.12618] | 1.12565 [1.12501, 1.12631] | - | 0.81 [0.56, 1.00] |
            | a\_b-random | 8 | 1.1220 [1.1194, 1.1245] | 1.1224 [1.1186, 1.1253] | 0.19 [0.00, 0.45] | - |

            """,
            (await RunAsync([.. arguments, "markdown"])).Out);
        Assert.Equal(
            """
            % score of the best member at the end (maximize q), 2,400 steps a run [95 % bootstrap intervals over runs, 10,000 resamples]
            \begin{tabular}{lrllll}
            \hline
            study & runs & mean & IQM & P(better than a\_b) & P(better than a\_b-random) \\
            \hline
            a\_b & 8 & $1.12566\ [1.12513, 1.12618]$ & $1.12565\ [1.12501, 1.12631]$ & -- & $0.81\ [0.56, 1.00]$ \\
            a\_b-random & 8 & $1.1220\ [1.1194, 1.1245]$ & $1.1224\ [1.1186, 1.1253]$ & $0.19\ [0.00, 0.45]$ & -- \\
            \hline
            \end{tabular}

            """,
            (await RunAsync([.. arguments, "latex"])).Out);
        var csv = (await RunAsync([.. arguments, "csv"])).Out.TrimEnd().Split('\n');
        Assert.Equal("study,runs,measure,training,unit,mean,mean_low,mean_high,iqm,iqm_low,iqm_high,sd,min,median,max,over a_b,over a_b low,over a_b high,over a_b-random,over a_b-random low,over a_b-random high", csv[0]);
        Assert.StartsWith("a_b,8,final,2400,steps,1.12", csv[1], StringComparison.Ordinal);
        Assert.Equal(3, csv.Length);
        Assert.All(csv, line => Assert.Equal(21, line.Split(',').Length));
    }

    [Fact]
    public async Task The_curve_ends_at_the_table_s_mean()
    {
        string[] arguments = [Spec("pbt"), "--seeds", "4"];

        var lines = (await RunAsync([.. arguments, "--curve"])).Out.TrimEnd().Split('\n');
        var json = (await RunAsync([.. arguments, "--curve", "--json"])).Json["studies"]![0]!;

        Assert.Equal("study,interval,steps,runs,current_best,current_best_low,current_best_high,best_so_far,best_so_far_low,best_so_far_high", lines[0]);
        Assert.Equal(31, lines.Length);
        Assert.StartsWith("pbt,30,2400,4,", lines[30], StringComparison.Ordinal);
        Assert.Equal((double)json["mean"]!["value"]!, double.Parse(lines[30].Split(',')[4], CultureInfo.InvariantCulture), 1e-15);
        Assert.Equal((double)json["mean"]!["value"]!, (double)json["curve"]![29]!["current_best"]!["value"]!, 1e-15);
    }

    [Fact]
    public async Task The_curve_of_the_study_is_the_mean_of_those_of_its_runs()
    {
        var json = (await RunAsync(Spec("pbt"), "--seeds", "4", "--curve", "--json")).Json["studies"]![0]!;

        var runs = json["runs"]!.AsArray();
        Assert.All(runs, static run => Assert.Equal((30, (double)run!["best"]!), (run["curve"]!.AsArray().Count, (double)run["curve"]![29]!["best_so_far"]!)));
        Assert.Equal(runs.Average(static run => (double)run!["curve"]![4]!["current_best"]!), (double)json["curve"]![4]!["current_best"]!["value"]!, 1e-12);
    }

    [Fact]
    public async Task Set_changes_every_spec_that_is_given()
    {
        var json = (await RunAsync(Spec("one"), Spec("two"), "--seeds", "2", "--set", "seed=40", "--set", "budget.intervals=3", "--json")).Json;

        Assert.All(json["studies"]!.AsArray(), static study => Assert.Equal([40, 41], study!["runs"]!.AsArray().Select(static r => (int)r!["seed"]!)));
        Assert.All(json["studies"]!.AsArray(), static study => Assert.Equal(240, (double)study!["training"]!["amount"]!));
    }

    [Fact]
    public async Task One_seed_has_no_interval_and_a_few_have_a_warning()
    {
        var one = await RunAsync(Spec("pbt"), "--seeds", "1", "--against", "random");
        var few = await RunAsync(Spec("pbt"), "--seeds", "4");

        Assert.DoesNotContain("[", one.Out, StringComparison.Ordinal);
        Assert.Contains("One run of pbt, pbt-random: a single run says nothing", one.Out, StringComparison.Ordinal);
        Assert.EndsWith("\nFewer than 5 runs of pbt: the intervals are too narrow.\n", few.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("improvement", few.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unequal_budgets_are_refused_with_both_amounts_unless_allowed_and_then_said()
    {
        string[] arguments = [Spec("short"), Spec("long", budget: "{ intervals: 60 }"), "--seeds", "6"];

        var refused = await RunAsync(arguments);
        var allowed = await RunAsync([.. arguments, "--allow-unequal-budget"]);

        Assert.Equal((ExitCode.BadRequest, string.Empty), (refused.Exit, refused.Out));
        Assert.Contains("short trains 2,400 steps (8 members × 30 intervals × 10 steps), long trains 4,800 steps (8 members × 60 intervals × 10 steps)", refused.Error, StringComparison.Ordinal);
        Assert.Contains("--allow-unequal-budget", refused.Error, StringComparison.Ordinal);
        Assert.Equal(ExitCode.Done, allowed.Exit);
        Assert.Contains("The budgets are not equal: short trains 2,400 steps", allowed.Out, StringComparison.Ordinal);
        Assert.False((bool)(await RunAsync([.. arguments, "--allow-unequal-budget", "--json"])).Json["equal_budget"]!);
    }

    [Theory]
    [InlineData("{ intervals: 30, score: 1.1 }", "budget.score 1.1 ends a run as soon as it is reached")]
    [InlineData("{ intervals: 30, wall_clock: 1h }", "budget.wall_clock 1h ends a run by the clock")]
    public async Task A_budget_of_score_or_time_is_refused(string budget, string reason)
    {
        var printed = await RunAsync(Spec("pbt", budget: budget), "--seeds", "2", "--against", "random");

        Assert.Equal(ExitCode.BadRequest, printed.Exit);
        Assert.Contains(reason, printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Other_goals_and_trainers_are_no_fair_comparison()
    {
        var goal = await RunAsync(Spec("up"), Spec("down", goal: "minimize"), "--seeds", "2");
        var trainer = await RunAsync(Spec("one"), Spec("other", trainer: "deceptive"), "--seeds", "5");

        Assert.Equal(ExitCode.BadRequest, goal.Exit);
        Assert.Contains("up is to maximize q but down is to minimize q", goal.Error, StringComparison.Ordinal);
        Assert.Contains("\nother differs from one in trainer.builtin too.\n", trainer.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required argument 'SPEC|DIR' missing")]
    [InlineData("there is no file", "nothing.yaml", "--seeds", "2")]
    [InlineData("--seeds is missing", "SPEC")]
    [InlineData("--seeds is 0; it must be at least 1", "SPEC", "--seeds", "0")]
    [InlineData("'mean' not recognized", "SPEC", "--seeds", "2", "--measure", "mean")]
    [InlineData("'grid' not recognized", "SPEC", "--seeds", "2", "--against", "grid")]
    [InlineData("--resamples is 10; it must be at least 2000", "SPEC", "--seeds", "2", "--resamples", "10")]
    [InlineData("not as latex", "SPEC", "--seeds", "2", "--curve", "--format", "latex")]
    [InlineData("exclude each other", "SPEC", "--seeds", "2", "--json", "--format", "text")]
    [InlineData("interval", "SPEC", "--seeds", "2", "--set", "interval.steps=0")]
    [InlineData("two runs with seed 0", "SPEC", "SPEC", "--seeds", "2")]
    public async Task Bad_usage_is_said_and_nothing_runs(string message, params string[] arguments)
    {
        var printed = await RunAsync([.. arguments.Select(a => a is "SPEC" ? Spec("pbt") : a)]);

        Assert.NotEqual(ExitCode.Done, printed.Exit);
        Assert.Contains(message, printed.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("a run\n", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Finished_studies_are_read_and_those_that_differ_in_the_seed_are_runs_of_one()
    {
        var runs = Enumerable.Range(0, 4).Select(i => Finished(TestStudy.Default with { Seed = (ulong)i, Resources = new() { Slots = 1 + i } }, i)).ToList();
        var other = Finished(TestStudy.Default with { Name = "other", Explore = new NoExplore() }, 0.5);

        var json = (await RunAsync([.. runs, other, "--json"])).Json;

        Assert.Equal([4, 1], json["studies"]!.AsArray().Select(static s => s!["runs"]!.AsArray().Count));
        Assert.Equal(runs, json["studies"]![0]!["runs"]!.AsArray().Select(static r => (string)r!["directory"]!));
        Assert.Equal(7.5, (double)json["studies"]![0]!["mean"]!["value"]!);
        Assert.Equal(0.25, (double)json["studies"]![1]!["improvements"]![0]!["probability"]!["value"]!);
        Assert.Contains("One run of other", string.Join('\n', json["notes"]!.AsArray().Select(static n => (string)n!)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Different_studies_of_one_name_are_told_apart_by_their_directories()
    {
        var (one, other) = (Finished(TestStudy.Default, 0), Finished(TestStudy.Default with { Explore = new NoExplore() }, 0));

        var json = (await RunAsync(one, other, "--json")).Json;

        Assert.Equal([$"demo ({one})", $"demo ({other})"], json["studies"]!.AsArray().Select(static s => (string)s!["study"]!));
    }

    [Fact]
    public async Task A_directory_is_read_once_and_has_no_seeds_to_run()
    {
        var directory = Finished(TestStudy.Default, 0);

        Assert.Contains("two runs with seed 11", (await RunAsync(directory, directory)).Error, StringComparison.Ordinal);
        Assert.Contains("--seeds says how often spec files are run", (await RunAsync(directory, "--seeds", "2")).Error, StringComparison.Ordinal);
        Assert.Contains("--set changes spec files", (await RunAsync(directory, "--set", "seed=2")).Error, StringComparison.Ordinal);
        Assert.Contains("there is no study in", (await RunAsync(_root)).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_study_that_has_not_ended_is_refused()
    {
        var study = new TestStudy().RunRounds(3);
        _studies.Add(study);

        var printed = await RunAsync(study.Open.Directory.Root);

        Assert.Equal(ExitCode.BadRequest, printed.Exit);
        Assert.Contains("cannot be compared: it has not ended", printed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Intervals_that_failed_are_told()
    {
        var study = new TestStudy(TestStudy.Default with { Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 } });
        _studies.Add(study);
        for (var round = 1; round <= 6; round++)
            study.RunRound(member => member == 3 && round == 2 ? double.NaN : round);

        var printed = await RunAsync(study.Open.Directory.Root);

        Assert.Contains("1 of 1 run of demo report fewer steps than the budget's 24,000 steps", printed.Out.ReplaceLineEndings(" "), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_comparison_says_that_it_may_be_repeated()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        var printed = await RunAsync([Spec("pbt"), "--seeds", "1000"], cancelled.Token);

        Assert.Equal((ExitCode.Interrupted, string.Empty), (printed.Exit, printed.Out));
    }

    /// <summary>Writes the spec of a study of a built-in toy, and returns its path.</summary>
    private string Spec(string name, string budget = "{ intervals: 30 }", string goal = "maximize", string trainer = "plain", int seed = 0, string strategies = "")
    {
        var path = Path.Combine(_root, name + ".yaml");
        File.WriteAllText(
            path,
            $$"""
            name: {{name}}
            seed: {{seed}}
            population: 8
            mode: synchronous
            objective: { metric: q, goal: {{goal}} }
            interval: { steps: 10 }
            budget: {{budget}}
            hyperparameters: { h: { type: float, min: 0.0001, max: 1.1 } }
            {{strategies}}
            trainer: { builtin: {{trainer}} }

            """);
        return path;
    }

    /// <summary>Runs a study by hand to its end, at a level of scores, and returns its directory.</summary>
    private string Finished(StudySpec spec, double level)
    {
        var study = new TestStudy(spec);
        _studies.Add(study);
        for (var round = 1; round <= 6; round++)
            study.RunRound(_ => round + level);

        return study.Open.Directory.Root;
    }

    private Task<Printed> RunAsync(params string[] arguments) => RunAsync(arguments, CancellationToken.None);

    private async Task<Printed> RunAsync(string[] arguments, CancellationToken cancellationToken)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var services = new CliServices(
            directory => Task.FromResult(_studies.Find(s => string.Equals(s.Open.Directory.Root, directory, StringComparison.Ordinal)) is { } study ? study.Open with { Store = study.Store.Open() } : throw StudyCommand.NoStudyIn(directory)),
            new FixedTime(),
            output,
            error);
        var exit = await TestStudy.Root(services).Parse(["compare", .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error }, cancellationToken);
        return new Printed(exit, output.ToString(), error.ToString());
    }
}

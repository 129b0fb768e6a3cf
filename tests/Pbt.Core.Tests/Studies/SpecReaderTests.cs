using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class SpecReaderTests
{
    [Fact]
    public void What_is_not_given_has_its_default()
    {
        var spec = Specs.Valid();

        Assert.Equal("demo", spec.Name);
        Assert.Equal(0UL, spec.Seed);
        Assert.Equal(4, spec.Population);
        Assert.Equal(StudyMode.Asynchronous, spec.Mode);
        Assert.Equal(ScoreComparison.Latest, spec.Compare);
        Assert.Null(spec.MaxLead);
        Assert.Equal(new Objective("return", Goal.Maximize), spec.Objective);
        Assert.Equal(new IntervalLength(100, null), spec.Interval);
        Assert.Equal(new Budget(Intervals: 10), spec.Budget);
        Assert.Equal(0, spec.BurnIn);
        Assert.Equal(new RandomInitial(), spec.Initial);
        Assert.Null(spec.InitialCheckpoint);
        Assert.Equal(new TruncationExploit(0.2, 0.2), spec.Exploit);
        var explore = Assert.IsType<PerturbExplore>(spec.Explore);
        Assert.Equal(new[] { 0.8, 1.2 }, explore.Factors);
        Assert.Equal((0.25, 0.01, ExploreWhen.AfterExploit), (explore.ResampleProbability, explore.ZeroStep, explore.When));
        Assert.Null(spec.Evaluate);
        Assert.Equal(new ResourcesSpec(), spec.Resources);
        Assert.Equal(new CheckpointPolicy(2, 3), spec.Checkpoints);
        Assert.Equal(TimeSpan.FromSeconds(30), spec.Lease);
        Assert.Equal(new LocalBackendSpec(), spec.Backend);
        var trainer = Assert.IsType<CommandTrainerSpec>(spec.Trainer);
        Assert.Equal(Specs.Directory, trainer.WorkingDirectory);
        Assert.Equal((3, (TimeSpan?)null, TimeSpan.FromSeconds(10)), (trainer.MaxAttempts, trainer.Timeout, trainer.Grace));
        Assert.Equal(new ResultScore(), trainer.Score);
        Assert.Empty(trainer.Environment);
    }

    [Fact]
    public void Every_type_of_hyperparameter_is_read_in_the_order_of_the_file()
    {
        var spec = Specs.Valid(("trainer", "{ protocol: in_process }"), ("hyperparameters", """
            { z: { type: float, min: 0.9, max: 0.9999, scale: one_minus_log },
              a: { type: float, min: 0, max: 0.1 },
              m: { type: int, min: 1, max: 1024, scale: log },
              o: { type: ordinal, values: [1, 2.0, 1e-3] },
              c: { type: categorical, values: [adam, "1", true, 1, off] },
              b: { type: bool } }
            """));

        Assert.Equal("z a m o c b", string.Join(' ', spec.Hyperparameters.Definitions.Select(static d => d.Name)));
        Assert.Equal(new FloatHyperparameter("z", 0.9, 0.9999, Scale.OneMinusLog), spec.Hyperparameters.Find("z"));
        Assert.Equal(new FloatHyperparameter("a", 0, 0.1, Scale.Linear), spec.Hyperparameters.Find("a"));
        Assert.Equal(new IntHyperparameter("m", 1, 1024, Scale.Log), spec.Hyperparameters.Find("m"));
        Assert.Equal(
            new[] { HyperparameterValue.Of(1L), HyperparameterValue.Of(2.0), HyperparameterValue.Of(0.001) },
            Assert.IsType<OrdinalHyperparameter>(spec.Hyperparameters.Find("o")).Values);
        Assert.Equal(
            new[] { HyperparameterValue.Of("adam"), HyperparameterValue.Of("1"), HyperparameterValue.Of(true), HyperparameterValue.Of(1L), HyperparameterValue.Of("off") },
            Assert.IsType<CategoricalHyperparameter>(spec.Hyperparameters.Find("c")).Values);
        Assert.Equal(new BoolHyperparameter("b"), spec.Hyperparameters.Find("b"));
    }

    [Theory]
    [InlineData("{ strategy: truncation, top: 0.3, bottom: 0 }")]
    [InlineData("{ top: 0.3, bottom: 0 }")]
    public void Truncation_is_the_default_exploit(string exploit) =>
        Assert.Equal(new TruncationExploit(0.3, 0), Specs.Valid(("exploit", exploit)).Exploit);

    [Fact]
    public void Every_exploit_is_read()
    {
        Assert.Equal(new BinaryTournamentExploit { Inherit = Inheritance.Weights }, Specs.Valid(("exploit", "{ strategy: binary_tournament, inherit: weights }")).Exploit);
        Assert.Equal(new TTestExploit(0.01, 5) { Inherit = Inheritance.Hyperparameters }, Specs.Valid(("exploit", "{ strategy: t_test, significance: 0.01, samples: 5, inherit: hyperparameters }")).Exploit);
        Assert.Equal(new TTestExploit(), Specs.Valid(("exploit", "{ strategy: t_test }")).Exploit);
        Assert.Equal(new NoExploit(), Specs.Valid(("population", "1"), ("exploit", "{ strategy: none }")).Exploit);
    }

    [Fact]
    public void Every_explore_is_read()
    {
        var perturb = Assert.IsType<PerturbExplore>(Specs.Valid(("explore", "{ range: [0.5, 2], zero_step: 0, when: always, resample_probability: 1 }")).Explore);
        Assert.Equal(((0.5, 2.0), 0.0, ExploreWhen.Always, 1.0), (perturb.Range, perturb.ZeroStep, perturb.When, perturb.ResampleProbability));
        Assert.Equal(new ResampleExplore(0.5), Specs.Valid(("explore", "{ strategy: resample, resample_probability: 0.5 }")).Explore);
        Assert.Equal(new GaussianExplore(0.2, NoiseUnit.Range, 0.1), Specs.Valid(("explore", "{ strategy: gaussian, sigma: 0.2, sigma_unit: range, resample_probability: 0.1 }")).Explore);
        Assert.Equal(new GaussianExplore(), Specs.Valid(("explore", "{ strategy: gaussian }")).Explore);
        Assert.Equal(new NoExplore(), Specs.Valid(("explore", "{ strategy: none }")).Explore);
    }

    [Fact]
    public void A_command_trainer_is_read_in_full()
    {
        var spec = Specs.Valid(("trainer", """
            { protocol: command, command: [python3, ../train.py, [--resume, "{checkpoint_in}"], 5, --flag, true, "{{}}"],
              working_directory: sub/../code, env: { OMP_NUM_THREADS: 1, LR: "{lr}", API_KEY: { from_environment: MY_KEY } }, timeout: 30m, max_attempts: 5, grace: 0s,
              score: { regex: 'return ([-0-9.e+]+)' } }
            """));
        var trainer = Assert.IsType<CommandTrainerSpec>(spec.Trainer);

        Assert.Equal("python3 ../train.py --resume|{checkpoint_in} 5 --flag true {{}}", string.Join(' ', trainer.Command.Select(static a => string.Join('|', a.Parts))));
        Assert.Equal([false, false, true, false, false, false, false], trainer.Command.Select(static a => a.Droppable));
        Assert.Equal((7, 41), (trainer.Command[0].Line, trainer.Command[0].Column));
        Assert.Equal("/home/user/study/code", trainer.WorkingDirectory);
        Assert.Equal(new TextValue("1"), trainer.Environment["OMP_NUM_THREADS"]);
        Assert.Equal(new TextValue("{lr}"), trainer.Environment["LR"]);
        Assert.Equal(new FromEnvironmentValue("MY_KEY"), trainer.Environment["API_KEY"]);
        Assert.Equal((TimeSpan.FromMinutes(30), 5, TimeSpan.Zero), (trainer.Timeout, trainer.MaxAttempts, trainer.Grace));
        Assert.Equal(new RegexScore("return ([-0-9.e+]+)"), trainer.Score);
    }

    [Fact]
    public void Evaluate_initial_resources_and_the_rest_are_read()
    {
        var spec = Specs.Valid(
            ("seed", "18446744073709551615"),
            ("max_lead", "2"),
            ("compare", "same_interval"),
            ("burn_in", "{ intervals: 2 }"),
            ("budget", "{ intervals: 10, score: -1.5, wall_clock: 1h30m, total_steps: 5000000000 }"),
            ("initial", "{ strategy: latin_hypercube, checkpoint: weights }"),
            ("evaluate", "{ command: [eval, \"{checkpoint_out}\"], timeout: 90, score: { from: last_json_line } }"),
            ("resources", "{ slots: 3, gpus: [2, 0], gpus_per_member: 2, members_per_gpu: 4 }"),
            ("checkpoints", "{ keep_last: 1, keep_best: 0 }"),
            ("lease", "2s"),
            ("backend", "{ kind: local }"));

        Assert.Equal(ulong.MaxValue, spec.Seed);
        Assert.Equal((2, ScoreComparison.SameInterval, 2), (spec.MaxLead, spec.Compare, spec.BurnIn));
        Assert.Equal(new Budget(10, -1.5, TimeSpan.FromMinutes(90), 5_000_000_000), spec.Budget);
        Assert.IsType<LatinHypercubeInitial>(spec.Initial);
        Assert.Equal("/home/user/study/weights", spec.InitialCheckpoint);
        Assert.Equal((TimeSpan.FromSeconds(90), new LastJsonLineScore()), (spec.Evaluate!.Timeout!.Value, (LastJsonLineScore)spec.Evaluate.Score));
        Assert.Equal([2, 0], spec.Resources.Gpus);
        Assert.Equal((3, 2, 4), (spec.Resources.Slots, spec.Resources.GpusPerMember, spec.Resources.MembersPerGpu));
        Assert.Equal(new CheckpointPolicy(1, 0), spec.Checkpoints);
        Assert.Equal(TimeSpan.FromSeconds(2), spec.Lease);
    }

    [Fact]
    public void A_store_of_checkpoints_is_read_and_written_and_its_addresses_are_no_paths()
    {
        var spec = Specs.Valid(
            ("initial", "{ strategy: random, checkpoint: \"s3://bucket/runs/parent/checkpoints/m0001/i000002-a000003\" }"),
            ("checkpoints", "{ keep_last: 1, store: \"s3://bucket/runs/\", endpoint: \"HTTP://Localhost:9000/\", region: eu-central-1 }"));

        Assert.Equal(new CheckpointStoreSpec("bucket", "runs", "http://localhost:9000", "eu-central-1"), spec.Checkpoints.Store);
        Assert.Equal("s3://bucket/runs", spec.Checkpoints.Store!.Address);
        Assert.Equal("s3://bucket/runs/parent/checkpoints/m0001/i000002-a000003", spec.InitialCheckpoint);
        Assert.Contains("\"store\":\"s3://bucket/runs\",\"endpoint\":\"http://localhost:9000\",\"region\":\"eu-central-1\"", SpecWriter.ToJson(spec), StringComparison.Ordinal);
        Assert.Equal(new CheckpointStoreSpec("bucket", string.Empty), Specs.Valid(("checkpoints", "{ store: \"s3://bucket\" }")).Checkpoints.Store);
    }

    [Fact]
    public void Gpus_none_is_an_empty_list_and_auto_is_null()
    {
        Assert.Empty(Specs.Valid(("resources", "{ gpus: none }")).Resources.Gpus!);
        Assert.Null(Specs.Valid(("resources", "{ gpus: auto }")).Resources.Gpus);
    }

    [Fact]
    public void An_interval_in_seconds_may_have_a_budget_in_steps()
    {
        var spec = Specs.Valid(("interval", "{ seconds: 0.5 }"), ("budget", "{ total_steps: 1000 }"));

        Assert.Equal(new IntervalLength(null, 0.5), spec.Interval);
    }

    [Fact]
    public void Explicit_members_are_put_in_the_order_of_the_space_and_into_its_types()
    {
        var spec = Specs.Valid(
            ("population", "2"),
            ("hyperparameters", "{ lr: { type: float, min: 0, max: 1 }, opt: { type: ordinal, values: [0.5, 1.0] } }"),
            ("initial", "{ strategy: explicit, members: [ { opt: 0.5, lr: 1 }, { lr: 0.2, opt: 1 } ] }"));

        var members = Assert.IsType<ExplicitInitial>(spec.Initial).Members;
        Assert.Equal("lr=1 opt=0.5", members[0].ToString());
        Assert.All(members, m => Assert.True(spec.Hyperparameters.Contains(m)));
    }

    [Theory]
    [InlineData("quadratic", "{ h0: { type: float, min: 0, max: 1 }, h1: { type: float, min: 0, max: 1 } }")]
    [InlineData("plain", "{ h: { type: float, min: 0, max: 1 } }")]
    [InlineData("deceptive", "{ h: { type: float, min: 0, max: 1 } }")]
    [InlineData("triangle", "{ lr: { type: float, min: 0, max: 1 } }")]
    public void Builtin_trainers_are_known(string name, string hyperparameters)
    {
        var spec = Specs.Valid(("hyperparameters", hyperparameters), ("trainer", $"{{ builtin: {name}, max_attempts: 1, timeout: 1s }}"));

        Assert.Equal(new BuiltinTrainerSpec(name) { MaxAttempts = 1, Timeout = TimeSpan.FromSeconds(1) }, spec.Trainer);
    }

    [Theory]
    [InlineData("30m", 1800)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("500ms", 0.5)]
    [InlineData("2d", 172800)]
    [InlineData("1.5h", 5400)]
    [InlineData("45", 45)]
    [InlineData("0.25", 0.25)]
    [InlineData("\"10s\"", 10)]
    [InlineData("1e3", 1000)]
    public void Durations_are_read(string text, double seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Specs.Valid(("budget", $"{{ wall_clock: {text} }}")).Budget.WallClock);

    [Fact]
    public void Decimal_fractions_are_the_nearest_doubles() =>
        Assert.Equal(0.2, Assert.IsType<TruncationExploit>(Specs.Valid(("exploit", "{ top: 0.2000000000000000001 }")).Exploit).Top);

    [Fact]
    public void The_example_of_the_design_is_valid()
    {
        var spec = Specs.Read("""
            name: cartpole
            seed: 7
            population: 16
            mode: synchronous              # or asynchronous
            objective: { metric: episode_return_mean, goal: maximize }
            interval: { steps: 4096 }
            budget: { intervals: 40 }
            burn_in: { intervals: 2 }
            hyperparameters:
              learning_rate: { type: float, min: 1.0e-5, max: 1.0e-2, scale: log }
              entropy_coef:  { type: float, min: 0, max: 0.1, scale: linear }
              gamma:         { type: float, min: 0.9, max: 0.9999, scale: one_minus_log }
              epochs:        { type: int, min: 1, max: 10 }
              batch_size:    { type: ordinal, values: [32, 64, 128, 256] }
              optimizer:     { type: categorical, values: [adam, sgd] }
              normalize:     { type: bool }
            initial: { strategy: random }
            exploit: { strategy: truncation, top: 0.2, bottom: 0.2, inherit: weights_and_hyperparameters }
            explore: { strategy: perturb, factors: [0.8, 1.2], resample_probability: 0.25, when: after_exploit }
            trainer:
              protocol: command             # or session
              command: [python3, train.py, --lr, "{learning_rate}", --resume, "{checkpoint_in}", --save, "{checkpoint_out}", --steps, "{steps}"]
              working_directory: .
              env: { OMP_NUM_THREADS: "1" }
              timeout: 30m
              max_attempts: 3
            evaluate: { command: [python3, eval.py, --load, "{checkpoint_out}"] }
            resources: { slots: 4, gpus: auto, gpus_per_member: 1, members_per_gpu: 1 }
            checkpoints: { keep_last: 2, keep_best: 3 }
            backend: { kind: local }
            """);

        Assert.Equal(StudyMode.Synchronous, spec.Mode);
        Assert.Equal(7, spec.Hyperparameters.Definitions.Length);
    }
}

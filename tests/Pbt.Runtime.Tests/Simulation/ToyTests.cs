using Pbt.Core.Comparisons;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Simulation;
using Pbt.Runtime.Trainers.Builtin;

namespace Pbt.Runtime.Tests.Simulation;

/// <summary>The toys behave as published and as independently simulated; the studies are those of samples/.</summary>
public sealed class ToyTests
{
    private static readonly string Samples = FindSamples();

    [Theory]
    [InlineData("quadratic/grid.yaml", 0.3897)]
    [InlineData("quadratic/exploit-only.yaml", 1.1715)]
    [InlineData("quadratic/exploit-only-both.yaml", 0.3897)]
    public void Variants_of_figure_2_without_chance_give_their_exact_value(string spec, double expected) =>
        Assert.Equal(expected, Mean(spec, seeds: 3), precision: 4);

    [Theory]
    [InlineData("quadratic/explore-only.yaml", 1.027)]
    [InlineData("quadratic/study.yaml", 1.179)]
    [InlineData("quadratic/pbt-both.yaml", 1.129)]
    [InlineData("quadratic/pbt-factors.yaml", 0.390)]
    public void Variants_of_figure_2_give_their_mean_over_a_thousand_seeds(string spec, double expected) =>
        Assert.InRange(Mean(spec, seeds: 1000), expected - 0.01, expected + 0.01);

    [Theory]
    [InlineData("zoo/plain-constant-1.yaml", 1.18522)]
    [InlineData("zoo/plain-constant-0.0001.yaml", 1.19973)]
    [InlineData("zoo/deceptive-constant-1.yaml", 0.95462)]
    [InlineData("zoo/deceptive-constant-0.0001.yaml", 0.82697)]
    public void Constant_hyperparameters_give_the_zoos_exact_values(string spec, double expected) =>
        Assert.Equal(expected, Mean(spec, seeds: 1), precision: 5);

    [Theory]
    [InlineData("zoo/plain-linear.yaml")]
    [InlineData("zoo/deceptive-linear.yaml")]
    public void The_linear_schedule_gives_the_zoos_exact_value(string spec) => Assert.Equal(1.19793, Mean(spec, seeds: 1), precision: 5);

    // Two standard errors of the difference between 100 seeds here and 100 seeds in the reference.
    [Theory]
    [InlineData("zoo/plain-20.yaml", 1.19968, 0.00002)]
    [InlineData("zoo/plain-100.yaml", 1.19930, 0.00006)]
    [InlineData("zoo/deceptive-20.yaml", 0.912, 0.006)]
    [InlineData("zoo/deceptive-100.yaml", 1.177, 0.003)]
    public void Pbt_on_the_zoo_gives_the_reference_mean_over_a_hundred_seeds(string spec, double expected, double tolerance) =>
        Assert.InRange(Mean(spec, seeds: 100), expected - tolerance, expected + tolerance);

    [Theory]
    [InlineData("zoo/deceptive-mf.yaml", 100, 1.17)]
    [InlineData("zoo/deceptive-fire.yaml", 20, 1.07)]
    [InlineData("zoo/plain-mf.yaml", 20, 1.1996)]
    [InlineData("zoo/plain-fire.yaml", 10, 1.1996)]
    public void Sub_populations_are_less_deceived_by_short_intervals_and_lose_nothing_without(string spec, int seeds, double least) =>
        Assert.True(Mean(spec, seeds) >= least);

    // Ray Tune's own scheduler on its own toy, mean of 200 seeds with a standard error of 1.3 to 1.8; asynchronous at equal budget.
    [Theory]
    [InlineData("zoo/triangle-4-sync.yaml", 119.1)]
    [InlineData("zoo/triangle-8-sync.yaml", 141.8)]
    [InlineData("zoo/triangle-16-sync.yaml", 160.1)]
    [InlineData("zoo/triangle-4-async.yaml", 100.5)]
    [InlineData("zoo/triangle-8-async.yaml", 116.1)]
    [InlineData("zoo/triangle-16-async.yaml", 134.1)]
    [InlineData("zoo/triangle-4-random.yaml", 52.4)]
    [InlineData("zoo/triangle-8-random.yaml", 63.8)]
    [InlineData("zoo/triangle-16-random.yaml", 74.1)]
    public void The_preset_ray_gives_the_means_of_Ray_on_its_triangle(string spec, double expected) =>
        Assert.InRange(Mean(spec, seeds: 200), expected - 3, expected + 3);

    [Fact]
    public void The_triangle_is_the_same_for_the_same_seed_and_moves_with_it()
    {
        var trainer = BuiltinTrainer.Named("triangle");
        var rate = new Hyperparameters([new("lr", HyperparameterValue.Of(0.001))]);
        var first = trainer.Train(trainer.InitialState, rate, steps: 10, seed: 1);
        Assert.Equal(first[0], trainer.Train(trainer.InitialState, rate, steps: 10, seed: 1)[0]);
        Assert.NotEqual(first[0], trainer.Train(trainer.InitialState, rate, steps: 10, seed: 2)[0]);
        Assert.True(first[0] >= 0);
    }

    [Fact]
    public void Training_twice_ten_steps_is_training_twenty()
    {
        var trainer = BuiltinTrainer.Named("quadratic");
        var h = new Hyperparameters([new("h0", HyperparameterValue.Of(0.7)), new("h1", HyperparameterValue.Of(0.3))]);
        var twice = trainer.Train(trainer.Train(trainer.InitialState, h, 10, seed: 0), h, 10, seed: 0);
        Assert.Equal<double>(trainer.Train(trainer.InitialState, h, 20, seed: 0), twice);
    }

    [Fact]
    public void A_study_whose_trainer_is_not_built_in_is_not_simulated() =>
        Assert.Throws<InvalidRequestException>(() => StudySimulation.Run(TestSpecs.Command("true")));

    [Fact]
    public void A_study_whose_members_begin_with_given_weights_is_not_simulated() =>
        Assert.Throws<InvalidRequestException>(() => StudySimulation.Run(TestSpecs.Quadratic with { InitialCheckpoint = "/weights" }));

    [Fact]
    public void A_study_without_an_end_is_not_simulated() =>
        Assert.Throws<InvalidRequestException>(() => StudySimulation.Run(TestSpecs.Quadratic with { Budget = new Budget(WallClock: TimeSpan.FromHours(1)) }));

    private static double Mean(string spec, int seeds)
    {
        var path = Path.Combine(Samples, spec);
        var study = Assert.IsType<SpecResult.Valid>(SpecReader.Read(File.ReadAllText(path), path, Samples)).Spec;
        return Enumerable.Range(0, seeds).Average(seed => RunOutcome.Of(StudySimulation.Run(study with { Seed = (ulong)seed })).Final);
    }

    private static string FindSamples()
    {
        var directory = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(directory, "pbt.slnx")))
            directory = Path.GetDirectoryName(directory) ?? throw new InvalidOperationException("The repository's root is not above the tests.");

        return Path.Combine(directory, "samples");
    }
}

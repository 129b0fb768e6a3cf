using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Scheduling;

public sealed class InitialPopulationTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log) { Default = HyperparameterValue.Of(1e-3) },
        new IntHyperparameter("epochs", 1, 10, Scale.Linear) { Default = HyperparameterValue.Of(4L) },
        new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]) { Default = HyperparameterValue.Of("sgd") },
    ]);

    private static readonly StudySpec Spec = TestStudy.AsynchronousSpec with
    {
        Population = 40,
        Hyperparameters = Space,
        Initial = new MutateDefaultsInitial(),
        Explore = new PerturbExplore { ResampleProbability = 0 },
    };

    private static readonly Hyperparameters Defaults = Space.Build(static (_, definition) => definition.Default!.Value);

    [Fact]
    public void The_first_member_keeps_the_defaults_and_the_others_explore_from_them()
    {
        var members = InitialPopulation.Of(Spec);

        Assert.Equal(Defaults, members[0]);
        Assert.Equal(40, members.Length);
        Assert.All(members.Skip(1), static m =>
        {
            Assert.Contains(m["lr"].Number, new[] { 1e-3 * 0.8, 1e-3 * 1.2 });
            Assert.InRange(m["epochs"].Integer, 3, 5);
            Assert.Equal("sgd", m["optimizer"].Text);
        });
        Assert.Equal(2, members.Skip(1).Select(static m => m["lr"]).Distinct().Count());
    }

    [Fact]
    public void The_defaults_are_mutated_by_the_studys_own_explore()
    {
        var resampled = InitialPopulation.Of(Spec with { Explore = new ResampleExplore(1) });
        var noisy = InitialPopulation.Of(Spec with { Explore = new GaussianExplore(0.1) });

        Assert.Equal(39, resampled.Skip(1).Select(static m => m["lr"]).Distinct().Count());
        Assert.Equal(39, noisy.Skip(1).Select(static m => m["lr"]).Distinct().Count());
        Assert.All(noisy, static m => Assert.InRange(m["lr"].Number, 5e-4, 2e-3));
    }

    [Fact]
    public void Without_an_explore_the_defaults_are_perturbed_as_standard() =>
        Assert.Equal<Hyperparameters>([.. InitialPopulation.Of(Spec with { Explore = new PerturbExplore() })], [.. InitialPopulation.Of(Spec with { Explore = new NoExplore() })]);

    [Fact]
    public void The_mutated_defaults_of_a_seed_are_frozen() => Assert.Equal("lr=0.0012 epochs=3 optimizer=adam", InitialPopulation.Of(Spec with { Explore = new PerturbExplore() })[3].ToString());

    [Fact]
    public void As_many_begin_as_there_are_candidates()
    {
        InitialSpec[] ways = [new RandomInitial(), new LatinHypercubeInitial(), new SobolInitial(), new MutateDefaultsInitial()];

        Assert.All(ways, static way => Assert.Equal(100, InitialPopulation.Of(Spec with { Initial = way with { Candidates = 100 } }).Length));
    }
}

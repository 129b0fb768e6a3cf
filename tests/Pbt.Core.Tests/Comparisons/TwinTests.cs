using Pbt.Core.Comparisons;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Comparisons;

public sealed class TwinTests
{
    private static StudySpec Warm { get; } = Specs.Valid(
        ("hyperparameters", "{ lr: { type: float, min: 0, max: 1, initial_range: [0.4, 0.5] }, epochs: { type: int, min: 1, max: 10, initial_range: [2, 3] } }"),
        ("trainer", "{ command: [train, \"{lr}\"] }"),
        ("burn_in", "{ intervals: 2 }"));

    [Fact]
    public void A_twin_differs_in_its_name_and_strategies_only()
    {
        var spec = Specs.Valid(("burn_in", "{ intervals: 2 }"), ("initial", "{ strategy: latin_hypercube }"));

        Assert.Equal("demo-random", RandomSearchTwin.Of(spec).Name);
        Assert.Equal("demo-constant", ConstantTwin.Of(spec).Name);
        Assert.All([RandomSearchTwin.Of(spec), ConstantTwin.Of(spec)], twin => Assert.All(
            SpecDifference.Between(spec, twin),
            static change => Assert.True(change.IsIn("name") || change.IsIn("exploit") || change.IsIn("explore") || change.IsIn("burn_in"), change.ToString())));
    }

    [Fact]
    public void A_twin_of_any_spec_is_written_and_read_back_as_the_same_and_valid()
    {
        var specs = new RandomSpecs(seed: 5);
        for (var i = 0; i < 500; i++)
        {
            var spec = specs.Next();
            foreach (var twin in (StudySpec[])[RandomSearchTwin.Of(spec), ConstantTwin.Of(spec)])
                Assert.Equal(SpecWriter.ToJson(twin), SpecWriter.ToJson(Specs.Read(SpecWriter.ToJson(twin))));
        }
    }

    [Fact]
    public void A_random_search_draws_from_the_whole_space_and_a_constant_twin_from_where_the_study_begins()
    {
        var wide = Warm with { Population = 400 };

        var random = InitialPopulation.Of(RandomSearchTwin.Of(wide)).Select(static h => h["lr"].Number).ToList();
        var constant = InitialPopulation.Of(ConstantTwin.Of(wide));

        Assert.InRange(random.Min(), 0, 0.05);
        Assert.InRange(random.Max(), 0.95, 1);
        Assert.Equal<Hyperparameters>(InitialPopulation.Of(wide), constant);
    }

    [Theory]
    [InlineData("perturb")]
    [InlineData("gaussian")]
    [InlineData("none")]
    public void Defaults_are_where_the_constant_twin_begins_and_no_knowledge_of_a_random_search(string explore)
    {
        var spec = Specs.Valid(
            ("hyperparameters", "{ lr: { type: float, min: 0, max: 1, default: 0.5 } }"),
            ("trainer", "{ command: [train, \"{lr}\"] }"),
            ("initial", "{ strategy: mutate_defaults, candidates: 9, candidate_intervals: 2 }"),
            ("explore", $"{{ strategy: {explore} }}"));

        Assert.Equal<Hyperparameters>(InitialPopulation.Of(spec), InitialPopulation.Of(ConstantTwin.Of(spec)));
        Assert.Equal((typeof(RandomInitial), 9, 2), (RandomSearchTwin.Of(spec).Initial.GetType(), RandomSearchTwin.Of(spec).Initial.Candidates, RandomSearchTwin.Of(spec).Initial.CandidateIntervals));
        Assert.True(TrainingBudget.Of(spec)!.IsAsMuchAs(TrainingBudget.Of(RandomSearchTwin.Of(spec))!));
    }

    [Fact]
    public void A_list_of_first_members_is_kept_by_the_constant_twin_only()
    {
        var listed = Warm with { Population = 1, Exploit = new NoExploit(), Initial = new ExplicitInitial([Prior.Sample(Warm.Hyperparameters, new(0, 0, 0, default))]) };

        Assert.IsType<RandomInitial>(RandomSearchTwin.Of(listed).Initial);
        Assert.Equal(listed.Initial, ConstantTwin.Of(listed).Initial);
    }

    [Fact]
    public void The_name_of_a_twin_is_never_too_long()
    {
        var spec = Warm with { Name = new string('x', 100) };

        Assert.Equal(new string('x', 93) + "-random", RandomSearchTwin.Of(spec).Name);
        Assert.Equal(SpecWriter.ToJson(ConstantTwin.Of(spec)), SpecWriter.ToJson(Specs.Read(SpecWriter.ToJson(ConstantTwin.Of(spec)))));
    }

    [Fact]
    public void A_twin_is_its_own_twin_but_for_the_name()
    {
        var twin = RandomSearchTwin.Of(Warm);

        Assert.Equal(SpecWriter.ToJson(twin), SpecWriter.ToJson(RandomSearchTwin.Of(twin) with { Name = twin.Name }));
    }
}

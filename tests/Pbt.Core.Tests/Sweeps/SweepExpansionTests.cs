using Pbt.Core.Studies;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Sweeps;

public sealed class SweepExpansionTests
{
    [Fact]
    public void A_grid_is_every_combination_with_its_last_key_fastest()
    {
        var studies = SweepTexts.Expand("name: s\nstudies: [ { spec: study.yaml, grid: { population: [8, 16], exploit.top: [0.1, 0.2, 0.3] } } ]");

        Assert.Equal(
            ["demo-population8-top0.1", "demo-population8-top0.2", "demo-population8-top0.3", "demo-population16-top0.1", "demo-population16-top0.2", "demo-population16-top0.3"],
            studies.Select(static s => s.Name));
        Assert.Equal([(8, 0.1), (8, 0.2), (8, 0.3), (16, 0.1), (16, 0.2), (16, 0.3)], studies.Select(static s => (s.Spec.Population, ((TruncationExploit)s.Spec.Exploit).Top)));
        Assert.All(studies, static s => Assert.Equal(s.Name, s.Spec.Name));
        Assert.Equal("population=8 exploit.top=0.1", string.Join(' ', studies[0].Settings.Select(static s => $"{s.Key}={s.Value}")));
    }

    [Fact]
    public void A_list_is_a_study_each_and_crossed_with_a_grid()
    {
        var studies = SweepTexts.Expand(
            """
            name: s
            studies:
              - spec: study.yaml
                list:
                  - {}
                  - { explore.factors: [0.5, 2.0], explore.resample_probability: 0 }
                grid: { population: [4, 8] }
            """);

        Assert.Equal(
            ["demo-population4", "demo-population8", "demo-factors0.5-2.0-resample_probability0-population4", "demo-factors0.5-2.0-resample_probability0-population8"],
            studies.Select(static s => s.Name));
        Assert.Equal([0.5, 2.0], ((PerturbExplore)studies[3].Spec.Explore).Factors.ToArray());
    }

    [Fact]
    public void What_is_set_for_all_holds_unless_a_study_sets_it_again()
    {
        var studies = SweepTexts.Expand(
            """
            name: s
            seeds: 1-3
            set: { budget.intervals: 20, burn_in.intervals: 2 }
            studies:
              - { spec: a.yaml, name: one, set: { budget.intervals: 30 } }
              - { spec: a.yaml, name: other, seeds: [7, 5] }
            """);

        Assert.Equal([(30, 2), (20, 2)], studies.Select(static s => (s.Spec.Budget.Intervals!.Value, s.Spec.BurnIn)));
        Assert.Equal<ulong[]>([[1, 2, 3], [7, 5]], studies.Select(static s => s.Seeds.ToArray()));
        Assert.Equal([1UL, 7UL], studies.Select(static s => s.Spec.Seed));
    }

    [Fact]
    public void Without_seeds_a_study_has_that_of_its_spec() =>
        Assert.Equal([42UL], Assert.Single(SweepTexts.Expand("name: s\nstudies: [ { spec: study.yaml } ]", Specs.Yaml(("seed", "42")))).Seeds.ToArray());

    [Fact]
    public void A_value_takes_effect_as_if_it_stood_in_the_spec()
    {
        // A preset fills in what the spec leaves out; set into a spec whose defaults were filled in already, it would do nothing.
        var studies = SweepTexts.Expand("name: s\nstudies: [ { spec: study.yaml, grid: { preset: [paper, isaacgymenvs], trainer.working_directory: [sub] } } ]");

        Assert.Equal(["demo-presetpaper", "demo-presetisaacgymenvs"], studies.Select(static s => s.Name));
        Assert.Equal([typeof(TruncationExploit), typeof(ThresholdExploit)], studies.Select(static s => s.Spec.Exploit.GetType()));
        Assert.All(studies, static s => Assert.Equal("/home/user/study/sub", ((ProgramTrainerSpec)s.Spec.Trainer).WorkingDirectory));
    }

    // "Values with = break the restart", "arguments with spaces are split": here a value is a value, whatever is in it.
    [Theory]
    [InlineData("lr=1e-3,opt=adam")]
    [InlineData("two words")]
    [InlineData("it's \"quoted\" $(touch x); `y` | z & \\n")]
    [InlineData("größe 学习率 🦊")]
    [InlineData("--flag")]
    [InlineData("")]
    public void A_text_reaches_the_spec_unchanged(string text)
    {
        var json = System.Text.Json.JsonSerializer.Serialize(text);

        var study = Assert.Single(SweepTexts.Expand($"name: s\nstudies: [ {{ spec: study.yaml, grid: {{ trainer.env.TEXT: [{json}], trainer.command: [[x, {json}]] }} }} ]"));

        var trainer = (ProgramTrainerSpec)study.Spec.Trainer;
        Assert.Equal(new TextValue(text), trainer.Environment["TEXT"]);
        Assert.Equal(text, Assert.Single(trainer.Command[1].Parts));
    }

    [Fact]
    public void Values_that_make_no_clear_name_count_by_their_place()
    {
        var studies = SweepTexts.Expand(
            """
            name: s
            studies:
              - spec: study.yaml
                grid:
                  trainer.env.TEXT: ["a b", "a=b", "学习率"]
                  exploit: [{ strategy: none }, { strategy: truncation, top: 0.1, bottom: 0.1 }]
            """);

        Assert.Equal(["demo-TEXT1-exploit1", "demo-TEXT1-exploit2", "demo-TEXT2-exploit1", "demo-TEXT2-exploit2", "demo-TEXT3-exploit1", "demo-TEXT3-exploit2"], studies.Select(static s => s.Name));
    }

    [Fact]
    public void Keys_with_one_last_part_are_told_apart_and_a_name_that_is_too_long_is_a_number()
    {
        Assert.Equal(
            ["demo-budget.intervals5-burn_in.intervals1", "demo-budget.intervals5-burn_in.intervals2", "demo-budget.intervals6-burn_in.intervals1", "demo-budget.intervals6-burn_in.intervals2"],
            SweepTexts.Expand("name: s\nstudies: [ { spec: study.yaml, grid: { budget.intervals: [5, 6], burn_in.intervals: [1, 2] } } ]").Select(static s => s.Name));

        var longKeys = string.Join(", ", Enumerable.Range(0, 4).Select(static i => $"trainer.env.A_VARIABLE_WITH_A_VERY_LONG_NAME_{i}: [a, b]"));
        var names = SweepTexts.Expand($"name: s\nstudies: [ {{ spec: study.yaml, grid: {{ {longKeys} }} }} ]").Select(static s => s.Name).ToList();
        Assert.Equal(("demo-01", "demo-16", 16), (names[0], names[^1], names.Distinct().Count()));
    }

    [Fact]
    public void A_name_may_be_made_of_the_specs_own_and_of_values()
    {
        var studies = SweepTexts.Expand("name: s\nset: { budget.intervals: 9 }\nstudies: [ { spec: study.yaml, name: \"{name}.{population}x{budget.intervals}\", grid: { population: [8, 16] } } ]");

        Assert.Equal(["demo.8x9", "demo.16x9"], studies.Select(static s => s.Name));
    }

    [Theory]
    [InlineData("name: \"{name}-{populatio}\"", "{populatio} is not set here; did you mean 'population'?")]
    [InlineData("name: same", "2 studies are called same, and runs of one name and seed share a directory")]
    [InlineData("name: \"a b {population}\"", "a study's name has letters")]
    [InlineData("name: \"{name\"", "a '{' is never closed")]
    public void A_name_that_cannot_be_is_refused(string name, string message) =>
        Assert.Contains(message, SweepTexts.Errors($"name: s\nstudies: [ {{ spec: study.yaml, {name}, grid: {{ population: [8, 16] }} }} ]")[0].ToString(), StringComparison.Ordinal);

    [Theory]
    [InlineData("[ { spec: a.yaml, grid: { population: [8, 8] } } ]", "is the same study as demo-1")]
    [InlineData("[ { spec: a.yaml, name: one }, { spec: a.yaml, name: other, set: { population: 4 } } ]", "other with seed 0 is the same study as one; remove one of them")]
    [InlineData("[ { spec: a.yaml }, { spec: b.yaml } ]", "2 studies are called demo")]
    public void Two_equal_studies_are_refused(string studies, string message) =>
        Assert.Contains(message, SweepTexts.Errors($"name: s\nstudies: {studies}")[^1].ToString(), StringComparison.Ordinal);

    [Fact]
    public void One_study_may_be_split_by_its_seeds() =>
        Assert.Equal(2, SweepTexts.Expand("name: s\nstudies: [ { spec: a.yaml, name: one, seeds: 1-2 }, { spec: a.yaml, name: other, seeds: 3-4 } ]").Length);

    [Fact]
    public void Every_error_of_every_study_is_reported_where_it_was_written_and_in_which_studies()
    {
        var errors = SweepTexts.Errors(
            """
            name: s
            studies:
              - spec: study.yaml
                grid:
                  exploit.top: [0.1, 0.9]
                  population: [8, many]
              - spec: study.yaml
                name: other
                set: { exploit.topp: 0.1, budgt.intervals: 3 }
            """);

        Assert.Equal(
            [
                "sweep.yaml:5:7: exploit.top: 0.9 is outside 0 … 0.5 (in demo-top0.9-population8, demo-top0.9-populationmany)",
                "sweep.yaml:6:7: population: expected an integer, found the text 'many' (in demo-top0.1-populationmany, demo-top0.9-populationmany)",
                "sweep.yaml:9:12: exploit.topp: unknown key 'topp'; did you mean 'top'? (in other)",
                "sweep.yaml:9:31: budgt: unknown key 'budgt'; did you mean 'budget'? (in other)",
            ],
            errors.Select(static e => e.ToString()).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void An_error_of_the_spec_itself_is_reported_once_at_its_place() =>
        Assert.Equal(
            "study.yaml:2:1: populaton: unknown key 'populaton'; did you mean 'population'?",
            SweepTexts.Error("name: s\nstudies: [ { spec: study.yaml, grid: { population: [4, 8] } } ]", Specs.Yaml().Replace("population", "populaton", StringComparison.Ordinal)));

    [Theory]
    [InlineData("population: 4: 5", "study.yaml:1:")]
    [InlineData("", "study.yaml:1:1: the spec is empty")]
    public void A_spec_that_is_no_yaml_is_reported_once(string spec, string message) =>
        Assert.StartsWith(message, SweepTexts.Error("name: s\nstudies: [ { spec: study.yaml, grid: { population: [4, 8] } }, { spec: study.yaml } ]", spec), StringComparison.Ordinal);

    [Fact]
    public void A_missing_spec_is_reported_where_it_is_named() =>
        Assert.Equal("sweep.yaml:2:20: studies: there is no file missing.yaml", SweepTexts.Error("name: s\nstudies: [ { spec: missing.yaml } ]"));

    [Fact]
    public void A_key_below_a_value_is_refused() =>
        Assert.Contains("'steps' would be below the integer 4", SweepTexts.Error("name: s\nstudies: [ { spec: study.yaml, set: { population.steps: 4 } } ]"), StringComparison.Ordinal);
}

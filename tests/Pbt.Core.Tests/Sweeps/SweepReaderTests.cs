using Pbt.Core.Sweeps;

namespace Pbt.Core.Tests.Sweeps;

public sealed class SweepReaderTests
{
    [Fact]
    public void Defaults_are_one_run_at_a_time_of_each_study()
    {
        var sweep = SweepTexts.Read("name: s\nstudies: [ { spec: a.yaml }, { spec: b.yaml, name: b }, { spec: a.yaml, name: c, set: { seed_: 1 } } ]");

        Assert.Equal(("s", 1), (sweep.Name, sweep.AtOnce));
        Assert.Equal(["a.yaml", "b.yaml"], sweep.Specs);
    }

    [Theory]
    [InlineData("", "1:1: the sweep is empty")]
    [InlineData("- a", "1:1: expected a mapping, found a list")]
    [InlineData("studies: [ { spec: a.yaml } ]", "name: is missing; write a name for the sweep")]
    [InlineData("name: a/b\nstudies: [ { spec: a.yaml } ]", "1:7: name: a sweep's name has letters")]
    [InlineData("name: s", "studies: is missing; write studies: [")]
    [InlineData("name: s\nstudies: []", "2:1: studies: there are no studies")]
    [InlineData("name: s\nstudies: study.yaml", "2:10: studies: expected a list, found the text 'study.yaml'")]
    [InlineData("name: s\nat_onse: 2\nstudies: [ { spec: a.yaml } ]", "2:1: at_onse: unknown key 'at_onse'; did you mean 'at_once'?")]
    [InlineData("name: s\nat_once: 0\nstudies: [ { spec: a.yaml } ]", "2:10: at_once: 0 is below 1")]
    [InlineData("name: s\nname: t\nstudies: [ { spec: a.yaml } ]", "2:1: name: the key 'name' is given twice; the first is at line 1")]
    [InlineData("name: s\nstudies: [ { gird: { population: [1] }, spec: a.yaml } ]", "2:14: studies[0].gird: unknown key 'gird'; did you mean 'grid'?")]
    [InlineData("name: s\nstudies: [ { set: { population: 4 } } ]", "studies[0].spec: is missing")]
    [InlineData("name: s\nstudies: [ { spec: '' } ]", "studies[0].spec: the path is empty")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: {} } ]", "studies[0].grid: the grid is empty; remove it")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: { population: [] } } ]", "studies[0].grid.population: there are no values, so there would be no studies")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: { population: 8 } } ]", "studies[0].grid.population: expected a list, found the integer 8; write a list of values: population: [8]")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: [population] } ]", "studies[0].grid: expected a mapping, found a list; its keys are keys of the spec")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, list: [] } ]", "studies[0].list: the list is empty")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, list: { population: 8 } } ]", "studies[0].list: expected a list, found a mapping")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, set: { seed: 3 } } ]", "studies[0].set.seed: a study's seeds are given by seeds: write seeds: 1-5")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: { name: [a, b] } } ]", "studies[0].grid.name: a study's name is given by name")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, set: { a..b: 3 } } ]", "'a..b' is no key of a spec")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, set: { exploit.top: 0.1 }, grid: { exploit.top: [0.2] } } ]", "exploit.top: exploit.top, set at line 2, would be lost; keep one of the two")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, set: { exploit.top: 0.1 }, grid: { exploit: [{ strategy: none }] } } ]", "exploit: exploit.top, set at line 2, would be lost")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: { x: [&a 1, *a] } } ]", "the anchor &a is not supported")]
    [InlineData("name: s\nstudies: [ { spec: a.yaml, grid: { population: [!!python/object:os.system 1] } } ]", "tags such as !!str are not supported")]
    public void What_is_wrong_is_said_with_its_place(string text, string message) =>
        Assert.Contains(message, SweepTexts.Error(text), StringComparison.Ordinal);

    [Theory]
    [InlineData("5", "expected a range or a list, found the integer 5; write seeds: 1-5")]
    [InlineData("5-1", "5 is above 1; swap them")]
    [InlineData("1-", "'1-' is no range of seeds")]
    [InlineData("a-b", "'a-b' is no range of seeds")]
    [InlineData("1-5-9", "'1-5-9' is no range of seeds")]
    [InlineData("[]", "there are no seeds")]
    [InlineData("[1, 2, 1]", "the seed 1 is listed twice")]
    [InlineData("[1, -2]", "-2 is below 0")]
    [InlineData("{ count: 5 }", "expected a range or a list, found a mapping")]
    [InlineData("0-18446744073709551615", "these are more than 10,000 seeds")]
    public void Seeds_that_are_none_are_refused(string seeds, string message) =>
        Assert.Contains(message, SweepTexts.Error($"name: s\nseeds: {seeds}\nstudies: [ {{ spec: a.yaml }} ]"), StringComparison.Ordinal);

    [Fact]
    public void The_greatest_seed_is_one() =>
        Assert.Equal([18446744073709551614UL, 18446744073709551615UL], SweepTexts.Expand("name: s\nseeds: 18446744073709551614-18446744073709551615\nstudies: [ { spec: a.yaml } ]")[0].Seeds.ToArray());

    [Fact]
    public void A_sweep_of_too_many_runs_is_refused_before_it_is_expanded()
    {
        var grid = string.Join(", ", Enumerable.Range(0, 9).Select(static i => $"k{i}: [{string.Join(", ", Enumerable.Range(0, 99))}]"));

        Assert.Contains("runs, and a sweep has at most 10,000", SweepTexts.Error($"name: s\nseeds: 0-9999\nstudies: [ {{ spec: a.yaml, grid: {{ {grid} }} }} ]"), StringComparison.Ordinal);
    }

    [Fact]
    public void Any_text_is_read_or_refused_with_errors()
    {
        var random = new Random(7);
        const string Characters = "{}[]:,-\n \"'#&*!|>%@`abcspec.yamlgridset0123456789";
        for (var i = 0; i < 2000; i++)
        {
            var text = "name: s\nstudies: [ { spec: a.yaml, grid: " + new string([.. Enumerable.Range(0, random.Next(30)).Select(_ => Characters[random.Next(Characters.Length)])]);
            if (SweepReader.Read(text, "sweep.yaml") is SweepResult.Invalid invalid)
                Assert.NotEmpty(invalid.Errors);
        }
    }
}

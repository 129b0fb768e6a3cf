using System.Text.Json;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>The spec of exploits that divide the population.</summary>
public sealed class GroupSpecTests
{
    [Fact]
    public void Multiple_frequencies_are_those_of_the_paper_unless_given()
    {
        var standard = Exploit<MultipleFrequenciesExploit>("16", "{ strategy: multiple_frequencies }");
        Assert.Equal("1 10 25 50", string.Join(' ', standard.Frequencies));
        Assert.Equal((0.25, 0.25, 0.25), (standard.Top, standard.Bottom, standard.Migrants));

        var given = Exploit<MultipleFrequenciesExploit>("8", "{ strategy: multiple_frequencies, frequencies: [2, 7], top: 0.1, bottom: 0.3, migrants: 0, inherit: weights }");
        Assert.Equal("2 7", string.Join(' ', given.Frequencies));
        Assert.Equal((0.1, 0.3, 0.0, Inheritance.Weights), (given.Top, given.Bottom, given.Migrants, given.Inherit));
    }

    [Fact]
    public void Fire_has_two_sub_populations_and_a_quarter_of_evaluators_unless_given()
    {
        Assert.Equal(new FireExploit(2, 0.25) { Top = 0.25, Bottom = 0.25, Significance = 0.01, MaxEvaluation = 10, HalfLife = 1 }, Exploit<FireExploit>("22", "{ strategy: fire }"));
        Assert.Equal(
            new FireExploit(3, 0.1) { Top = 0.5, Bottom = 0, Significance = 0.05, MaxEvaluation = 20, HalfLife = 0, Inherit = Inheritance.Weights },
            Exploit<FireExploit>("22", "{ strategy: fire, sub_populations: 3, evaluators: 0.1, top: 0.5, bottom: 0, significance: 0.05, max_evaluation: 20, half_life: 0, inherit: weights }"));
    }

    [Fact]
    public void Fire_compares_the_latest_scores()
    {
        var error = Specs.Error(("population", "22"), ("exploit", "{ strategy: fire }"), ("compare", "same_interval"));
        Assert.Equal("compare", error.Path);
        Assert.Contains("write compare: latest", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fire_does_not_explore_always()
    {
        var error = Specs.Error(("population", "22"), ("exploit", "{ strategy: fire }"), ("explore", "{ when: always }"));
        Assert.Equal("explore", error.Path);
        Assert.Contains("write when: after_exploit", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("10", "{ strategy: fire }", "population", "10 members leave 7 beside the evaluators, and 2 sub-populations need 8")]
    [InlineData("22", "{ strategy: fire, sub_populations: 1 }", "exploit.sub_populations", "1 is below 2")]
    [InlineData("22", "{ strategy: fire, evaluators: 0 }", "exploit.evaluators", "0 leaves nobody to evaluate")]
    [InlineData("22", "{ strategy: fire, evaluators: 0.6 }", "exploit.evaluators", "0.6 is outside 0 … 0.5")]
    [InlineData("22", "{ strategy: fire, significance: 1 }", "exploit.significance", "1 is not between 0 and 1; 0.01 is usual")]
    [InlineData("22", "{ strategy: fire, max_evaluation: 0 }", "exploit.max_evaluation", "0 is below 1")]
    [InlineData("22", "{ strategy: fire, half_life: -1 }", "exploit.half_life", "-1")]
    [InlineData("22", "{ strategy: fire, frequencies: [1, 2] }", "exploit.frequencies", "'frequencies' belongs to strategy multiple_frequencies, not to fire")]
    [InlineData("4", "{ strategy: multiple_frequencies }", "population", "4 members are too few for 4 frequencies, since each sub-population has at least 4; write 16 or more")]
    [InlineData("7", "{ strategy: multiple_frequencies, frequencies: [1, 2] }", "population", "write 8 or more")]
    [InlineData("16", "{ strategy: multiple_frequencies, frequencies: [1] }", "exploit.frequencies", "fewer than two frequencies; write frequencies: [1, 10, 25, 50]")]
    [InlineData("16", "{ strategy: multiple_frequencies, frequencies: [1, 5, 5] }", "exploit.frequencies[2]", "5 is not above 5 before it")]
    [InlineData("16", "{ strategy: multiple_frequencies, frequencies: [0, 5] }", "exploit.frequencies[0]", "0 is below 1")]
    [InlineData("16", "{ strategy: multiple_frequencies, frequencies: 5 }", "exploit.frequencies", "frequencies: [1, 10, 25, 50]")]
    [InlineData("16", "{ strategy: multiple_frequencies, migrants: 0.7 }", "exploit.migrants", "0.7 is outside 0 … 0.5")]
    [InlineData("16", "{ strategy: truncation, migrants: 0.2 }", "exploit.migrants", "'migrants' belongs to strategy multiple_frequencies, not to truncation")]
    public void What_does_not_fit_is_an_error(string population, string exploit, string path, string message)
    {
        var error = Specs.Error(("population", population), ("exploit", exploit));
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ strategy: fire }")]
    [InlineData("{ strategy: fire, sub_populations: 4, evaluators: 0.125, significance: 0.3, max_evaluation: 7, half_life: 2.5 }")]
    [InlineData("{ strategy: multiple_frequencies }")]
    [InlineData("{ strategy: multiple_frequencies, frequencies: [1, 4, 16], top: 0.5, bottom: 0, migrants: 0.125, inherit: hyperparameters }")]
    public void What_is_written_reads_back(string exploit)
    {
        var json = SpecWriter.ToJson(Specs.Valid(("population", "30"), ("exploit", exploit)));
        Assert.Equal(json, SpecWriter.ToJson(Specs.Read(json)));
        using var document = JsonDocument.Parse(json);
        Assert.Contains("strategy", document.RootElement.GetProperty("exploit").EnumerateObject().Select(static p => p.Name));
    }

    private static T Exploit<T>(string population, string exploit) =>
        Assert.IsType<T>(Specs.Valid(("population", population), ("exploit", exploit)).Exploit);
}

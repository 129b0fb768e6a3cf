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

    [Theory]
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

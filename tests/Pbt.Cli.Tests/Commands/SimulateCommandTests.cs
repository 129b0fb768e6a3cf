using System.CommandLine;
using Pbt.Cli.Commands;

namespace Pbt.Cli.Tests.Commands;

public sealed class SimulateCommandTests : IDisposable
{
    private readonly string _spec = Path.Combine(Directory.CreateTempSubdirectory("pbt-simulate-").FullName, "study.yaml");

    public SimulateCommandTests() => File.WriteAllText(
        _spec,
        """
        name: toy
        population: 4
        mode: synchronous
        objective: { metric: q, goal: maximize }
        interval: { steps: 20 }
        budget: { intervals: 5 }
        hyperparameters:
          h: { type: float, min: 1.0e-4, max: 1.1 }
        trainer: { builtin: plain }
        """);

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_spec)!, recursive: true);

    [Fact]
    public async Task Keys_of_the_spec_can_be_set_for_a_simulation()
    {
        var plain = await RunAsync("--seeds", "3", "--json");
        var same = await RunAsync("--seeds", "3", "--json", "--set", "population=4");
        var other = await RunAsync("--seeds", "3", "--json", "--set", "exploit={ strategy: none }", "--set", "seed=7");
        Assert.Equal(0, plain.Exit);
        Assert.Equal(Score(plain.Out), Score(same.Out));
        Assert.NotEqual(Score(plain.Out), Score(other.Out));
    }

    [Theory]
    [InlineData("exploit={ strategy: banned }", "did you mean 'band'")]
    [InlineData("populatoin=8", "did you mean 'population'")]
    [InlineData("population", "is no KEY=VALUE")]
    public async Task A_setting_that_makes_no_spec_is_explained(string setting, string reason)
    {
        var printed = await RunAsync("--set", setting);
        Assert.Equal(2, printed.Exit);
        Assert.Contains(reason, printed.Error, StringComparison.Ordinal);
    }

    private static string Score(string json) => json[json.IndexOf("\"score\"", StringComparison.Ordinal)..json.IndexOf("\"intervals_per_second\"", StringComparison.Ordinal)];

    private async Task<(int Exit, string Out, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var services = new CliServices(static _ => throw new NotSupportedException(), TimeProvider.System, output, error);
        var exit = await SimulateCommand.Create(services).Parse([_spec, .. arguments]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (exit, output.ToString(), error.ToString());
    }
}

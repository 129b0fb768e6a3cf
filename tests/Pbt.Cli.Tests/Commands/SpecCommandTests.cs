using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class SpecCommandTests : IDisposable
{
    private readonly TestStudy _study = new(isCreated: false);

    private string File => Path.Combine(_study.Open.Directory.Root, "cartpole.yaml");

    public void Dispose() => _study.Dispose();

    [Fact]
    public async Task Init_writes_a_spec_that_is_valid_and_named_for_its_file()
    {
        var printed = await _study.RunAsync("init", File);

        Assert.Equal(ExitCode.Done, printed.Exit);
        Assert.StartsWith("wrote DIR/cartpole.yaml", printed.Out, StringComparison.Ordinal);
        Assert.Equal(StudyTemplate.Text("cartpole"), await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal(ExitCode.Done, (await _study.RunAsync("validate", File)).Exit);
    }

    [Fact]
    public async Task Init_overwrites_nothing()
    {
        await System.IO.File.WriteAllTextAsync(File, "mine");

        Assert.Equal(ExitCode.BadRequest, (await _study.RunAsync("init", File)).Exit);
        Assert.Equal("mine", await System.IO.File.ReadAllTextAsync(File));
        Assert.Equal(ExitCode.BadRequest, (await _study.RunAsync("init", Path.Combine(File + ".d", "x.yaml"))).Exit);
    }

    [Fact]
    public async Task Init_takes_another_name_where_the_file_s_is_none()
    {
        var file = Path.Combine(_study.Open.Directory.Root, "not a name.yaml");

        Assert.Equal(ExitCode.Done, (await _study.RunAsync("init", file)).Exit);
        Assert.Equal(ExitCode.Done, (await _study.RunAsync("validate", file)).Exit);
    }

    [Fact]
    public async Task Validate_shows_what_a_preset_stands_for()
    {
        await System.IO.File.WriteAllTextAsync(
            File,
            """
            name: demo
            population: 8
            preset: dexpbt
            objective: { metric: q, goal: maximize }
            interval: { steps: 20 }
            budget: { intervals: 5 }
            hyperparameters: { h: { type: float, min: 0.1, max: 1.1 } }
            trainer: { builtin: plain }
            """);

        var printed = await _study.RunAsync("validate", File);

        Assert.Contains("exploit    truncation: top 0.3, bottom 0.3, middle explore", printed.Out, StringComparison.Ordinal);
        Assert.Contains("explore    perturb: ratio [1.1,1.5], probability 0.15", printed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Validate_sums_a_valid_spec_up()
    {
        await System.IO.File.WriteAllTextAsync(File, StudyTemplate.Text("cartpole"));

        var printed = await _study.RunAsync("validate", File);

        Assert.StartsWith(
            """
            OK: DIR/cartpole.yaml is a valid spec
            study      cartpole, seed 0
            population 8 members, asynchronous
            objective  maximize score
            interval   1000 steps
            budget     20 intervals of each member (160 in all)
            """,
            printed.Out,
            StringComparison.Ordinal);
        Assert.Contains("\nhyperparameter  values\nlearning_rate ", printed.Out, StringComparison.Ordinal);
        Assert.All(printed.Out.Split('\n'), static line => Assert.InRange(line.Length, 0, 80));
    }

    [Fact]
    public async Task Validate_says_all_that_is_wrong()
    {
        await System.IO.File.WriteAllTextAsync(File, StudyTemplate.Text("cartpole").Replace("population: 8 ", "populaton: 8 ", StringComparison.Ordinal).Replace("seed: 0 ", "seed: x ", StringComparison.Ordinal));

        var printed = await _study.RunAsync("validate", File);
        var json = await _study.RunAsync("validate", File, "--json");

        Assert.Equal((ExitCode.BadRequest, ExitCode.BadRequest), (printed.Exit, json.Exit));
        Assert.Contains("DIR/cartpole.yaml:4:", printed.Error, StringComparison.Ordinal);
        Assert.Contains("DIR/cartpole.yaml:5:", printed.Error, StringComparison.Ordinal);
        JsonKeys.AssertHas(json.Json, "valid", "file", "study", "errors", "problems_here");
        Assert.False((bool)json.Json["valid"]!);
        Assert.All(json.Json["errors"]!.AsArray(), static e => JsonKeys.AssertHas(e, "file", "line", "column", "path", "message"));
        Assert.Equal(ExitCode.BadRequest, (await _study.RunAsync("validate", File + ".not")).Exit);
    }
}

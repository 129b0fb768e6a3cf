using Pbt.Harness;

namespace Pbt.Samples.Tests.DotNet;

public sealed class InProcessSampleTests : IDisposable
{
    private readonly Study _study = new();

    [Fact]
    public async Task It_runs_its_study_and_names_the_best_once_more_when_it_is_run_again()
    {
        _study.Spec("""
            name: sample
            seed: 1
            population: 4
            objective: { metric: loss, goal: minimize }
            interval: { steps: 50 }
            budget: { intervals: 3 }
            hyperparameters:
              learning_rate: { type: float, min: 1.0e-3, max: 0.05, scale: log }
              momentum:      { type: float, min: 0, max: 0.9, scale: one_minus_log }
            trainer: { protocol: in_process }
            """);

        var (exit, first) = await SampleProgram.Start("in-process", _study.Root, [_study.SpecPath, _study.Dir]).EndAsync();

        Assert.True(exit == 0, first);
        Assert.StartsWith("best loss ", first, StringComparison.Ordinal);
        Assert.Equal(12, _study.Count("interval_completed"));
        Assert.Equal("completed", (await _study.StatusAsync()).GetProperty("state").GetString());

        var (again, second) = await SampleProgram.Start("in-process", _study.Root, [_study.SpecPath, _study.Dir]).EndAsync();
        Assert.Equal((0, first), (again, second));
    }

    [Fact]
    public async Task What_is_wrong_with_the_study_is_said_in_one_line()
    {
        var (exit, printed) = await SampleProgram.Start("in-process", _study.Root, ["nowhere.yaml", _study.Dir]).EndAsync();

        Assert.Equal((2, "there is no file nowhere.yaml; `pbt init nowhere.yaml` writes one to start from\n"), (exit, printed));
    }

    public void Dispose() => _study.Dispose();
}

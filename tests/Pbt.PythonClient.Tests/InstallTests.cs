using Pbt.Harness;

namespace Pbt.PythonClient.Tests;

/// <summary>The client is installed with pip, without a network.</summary>
public sealed class InstallTests : IDisposable
{
    private readonly Study _study = new();

    private static Dictionary<string, string?> Environment => new(StringComparer.Ordinal)
    {
        ["PIP_CONFIG_FILE"] = "/dev/null",
        ["PIP_DISABLE_PIP_VERSION_CHECK"] = "1",
        ["PYTHONPATH"] = null,
    };

    [PipFact]
    public async Task Its_sources_are_installed_into_an_environment_whose_scripts_are_trained()
    {
        await RunAsync(SystemPython.Program, "-m", "venv", "--system-site-packages", _study.At("env"));
        var python = _study.At("env/bin/python");
        await RunAsync(python, "-m", "pip", "install", "--no-index", "--no-build-isolation", Sources());

        await ExpectInstalledAsync(python, "env/lib/");
        await File.WriteAllTextAsync(_study.At("train.py"), """
            import pbt_client

            for interval in pbt_client.connect(defaults={"rate": 0.1}, steps=10):
                with interval:
                    before = 1.0 if interval.checkpoint_in is None else float((interval.checkpoint_in / "x").read_text())
                    after = before * (1 - interval.hyperparameters["rate"])
                    (interval.checkpoint_out / "x").write_text(repr(after))
                    interval.complete(after)
            """);
        _study.Spec($$"""
            name: installed
            population: 2
            objective: { metric: loss, goal: minimize }
            interval: { steps: 10 }
            budget: { intervals: 2 }
            hyperparameters: { rate: { type: float, min: 0.01, max: 0.5 } }
            trainer: { protocol: session, command: ["{{python}}", train.py] }
            """);
        (await _study.RunAsync(slots: 1)).Expect(0);
        Assert.Equal(4, _study.Count("interval_completed"));
    }

    [PipFact]
    public async Task Its_wheel_needs_nothing_else()
    {
        await RunAsync(SystemPython.Program, "-m", "pip", "wheel", "--no-index", "--no-build-isolation", "--wheel-dir", _study.At("wheels"), Sources());
        await RunAsync(SystemPython.Program, "-m", "pip", "install", "--no-index", "--target", _study.At("alone"), Directory.GetFiles(_study.At("wheels")).Single());

        await ExpectInstalledAsync(SystemPython.Program, "alone/");
    }

    public void Dispose() => _study.Dispose();

    /// <summary>A copy of the sources: pip builds in the folder that it is given.</summary>
    private string Sources()
    {
        var copy = _study.At("client");
        Directory.CreateDirectory(Path.Combine(copy, "pbt_client"));
        var client = Path.Combine(SystemPython.Repository, "clients", "python");
        foreach (var path in Directory.GetFiles(client).Concat(Directory.GetFiles(Path.Combine(client, "pbt_client"))))
            File.Copy(path, Path.Combine(copy, Path.GetRelativePath(client, path)));

        return copy;
    }

    private async Task ExpectInstalledAsync(string python, string folder)
    {
        var printed = await RunAsync(python, "-c", $"import sys; sys.path.insert(0, '{_study.At("alone")}'); import importlib.metadata, pbt_client; print(pbt_client.__file__, importlib.metadata.version('pbt-client') == pbt_client.__version__)");

        Assert.StartsWith(_study.At(folder), printed.Out, StringComparison.Ordinal);
        Assert.EndsWith(" True\n", printed.Out, StringComparison.Ordinal);
    }

    private async Task<Output> RunAsync(string program, params string[] arguments) => (await Programs.RunAsync(program, arguments, _study.Root, Environment)).Expect(0);
}

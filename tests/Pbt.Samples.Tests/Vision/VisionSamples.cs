using System.Diagnostics;
using Pbt.Harness;

namespace Pbt.Samples.Tests.Vision;

/// <summary>The samples in Python that train on Fashion-MNIST: where they are, what they need, and how their scripts are run.</summary>
internal static class VisionSamples
{
    private const string SystemPython = "/usr/bin/python3";

    /// <summary>Why their scripts cannot run here; null if they can.</summary>
    public static string? WhyNotScripts { get; } =
        File.Exists(SystemPython) && Run(["-c", "import torch"], Path.GetTempPath()).ExitCode == 0 ? null : "the system's Python has no torch: apt-get install python3-torch";

    /// <summary>Why they cannot train here; null if they can.</summary>
    public static string? WhyNotTraining { get; } =
        WhyNotScripts ?? (File.Exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz") ? null : "the data set is missing: apt-get install dataset-fashion-mnist");

    /// <summary>The folder of all samples.</summary>
    public static string Root { get; } = Path.Combine(FindRepository(), "samples");

    /// <summary>The path on which programs are looked for: the system's Python first, since it has torch.</summary>
    public static string SearchPath => $"/usr/bin:/bin:{Environment.GetEnvironmentVariable("PATH")}";

    /// <summary>Runs a script of a sample to its end.</summary>
    public static Output Script(string sample, string script, params string[] arguments) => Run([Path.Combine(Root, sample, script), .. arguments], Path.GetTempPath());

    /// <summary>Runs the system's Python to its end.</summary>
    public static Output Run(string[] arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(SystemPython, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment =
            {
                ["OMP_NUM_THREADS"] = "1",
                ["PYTHONDONTWRITEBYTECODE"] = "1",
                ["PYTHONPATH"] = $"{Root}:{Path.Combine(FindRepository(), "clients", "python")}",
            },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Output(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    private static string FindRepository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "pbt.slnx")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"There is no pbt.slnx above {AppContext.BaseDirectory}.");
    }
}

/// <summary>A test that needs the system's Python with torch.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchTheoryAttribute : TheoryAttribute
{
    public TorchTheoryAttribute() => Skip = VisionSamples.WhyNotScripts;
}

/// <summary>A test that needs Fashion-MNIST besides.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class FashionTheoryAttribute : TheoryAttribute
{
    public FashionTheoryAttribute() => Skip = VisionSamples.WhyNotTraining;
}

using Pbt.Harness;

namespace Pbt.Samples.Tests.Vision;

/// <summary>The samples that train on Fashion-MNIST: where they are, what they need, and how their scripts are run.</summary>
internal static class VisionSamples
{
    /// <summary>Why their scripts cannot run here; null if they can.</summary>
    public static string? WhyNotScripts { get; } = SystemPython.WhyNot("torch");

    /// <summary>Why they cannot train here; null if they can.</summary>
    public static string? WhyNotTraining { get; } =
        WhyNotScripts ?? (File.Exists("/usr/share/datasets/fashion-mnist/train-images-idx3-ubyte.gz") ? null : "the data set is missing: apt-get install dataset-fashion-mnist");

    /// <summary>The folder of a sample.</summary>
    public static string Folder(string sample) => Path.Combine(SystemPython.Repository, "samples", sample);

    /// <summary>The folder of a sample's tests in Python.</summary>
    public static string Tests(string sample) => Path.Combine(Folder(sample), "tests");

    /// <summary>Runs a script of a sample to its end.</summary>
    public static Output Script(string sample, string script, params string[] arguments) =>
        SystemPython.Run([Path.Combine(Folder(sample), script), .. arguments], Path.GetTempPath());
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

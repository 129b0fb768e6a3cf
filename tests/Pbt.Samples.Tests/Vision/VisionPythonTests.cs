using Pbt.Harness;

namespace Pbt.Samples.Tests.Vision;

/// <summary>The samples' unit tests in Python, a case each.</summary>
public sealed class VisionPythonTests(VisionPythonTests.Results results) : IClassFixture<VisionPythonTests.Results>
{
    public static TheoryData<string> Classifier => [.. PythonUnitTests.Names(VisionSamples.Tests("classifier"))];

    public static TheoryData<string> Gan => [.. PythonUnitTests.Names(VisionSamples.Tests("gan"))];

    [TorchTheory]
    [MemberData(nameof(Classifier))]
    public void The_classifier_passes(string test) => results.Classifier.Value.Expect(test);

    [TorchTheory]
    [MemberData(nameof(Gan))]
    public void The_gan_passes(string test) => results.Gan.Value.Expect(test);

    /// <summary>All results, of one run of each sample.</summary>
    public sealed class Results
    {
        public Lazy<PythonUnitTests> Classifier { get; } = new(static () => new PythonUnitTests(VisionSamples.Tests("classifier")));

        public Lazy<PythonUnitTests> Gan { get; } = new(static () => new PythonUnitTests(VisionSamples.Tests("gan")));
    }
}

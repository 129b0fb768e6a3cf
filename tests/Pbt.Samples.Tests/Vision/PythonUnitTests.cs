namespace Pbt.Samples.Tests.Vision;

/// <summary>The unit tests that the samples have in Python, one case for each file.</summary>
public sealed class PythonUnitTests
{
    [TorchTheory]
    [InlineData(".", "test_fashion_mnist")]
    [InlineData("classifier", "test_classifier")]
    [InlineData("gan", "test_gan")]
    public void The_tests_in_Python_pass(string folder, string module) =>
        VisionSamples.Run(["-m", "unittest", module], Path.Combine(VisionSamples.Root, folder)).Expect(0);
}

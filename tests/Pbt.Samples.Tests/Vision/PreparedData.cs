using Pbt.Harness;

namespace Pbt.Samples.Tests.Vision;

/// <summary>What the samples' <c>prepare.py</c> made, once for all tests of a class; the judge has hardly been trained.</summary>
public sealed class PreparedData : IDisposable
{
    private readonly Study _folder = new();

    public PreparedData()
    {
        if (VisionSamples.WhyNotTraining is not null)
            return;

        VisionSamples.Script("classifier", "prepare.py", "--data", Of("classifier")).Expect(0);
        VisionSamples.Script("gan", "prepare.py", "--data", Of("gan"), "--judge-train", "512", "--judge-steps", "20").Expect(0).Saying("The judge is right on");
    }

    /// <summary>The folder of a sample's data.</summary>
    public string Of(string sample) => _folder.At(sample);

    public void Dispose() => _folder.Dispose();
}

namespace Pbt.Samples.Ppo.Policies;

/// <summary>One sample of a feature-major batch.</summary>
public readonly ref struct Column(ReadOnlySpan<float> values, int sample, int batch)
{
    private readonly ReadOnlySpan<float> _values = values;

    public int Sample { get; } = sample;

    public int Batch { get; } = batch;

    public float this[int feature] => _values[IndexOf(feature)];

    /// <summary>Where a feature of this sample lies in its batch, and in any other of that size.</summary>
    public int IndexOf(int feature) => (feature * Batch) + Sample;
}

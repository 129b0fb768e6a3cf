namespace Pbt.Runtime.Resources;

/// <summary>Which GPUs a study asks for.</summary>
/// <remarks>Closed: <see cref="Auto"/>, <see cref="None"/> or <see cref="Listed"/>.</remarks>
public abstract record GpuRequest
{
    private GpuRequest()
    {
    }

    /// <summary>All that are visible, and none where there are none.</summary>
    public sealed record Auto : GpuRequest;

    /// <summary>No GPU, also where there are some: trainers see none.</summary>
    public sealed record None : GpuRequest;

    /// <summary>Some of the visible ones.</summary>
    /// <param name="Indices">
    /// Positions in the list of visible GPUs, from 0; so within a <c>CUDA_VISIBLE_DEVICES</c> that is already set.
    /// </param>
    public sealed record Listed(IReadOnlyList<int> Indices) : GpuRequest;
}

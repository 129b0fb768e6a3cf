namespace Pbt.Runtime.Resources;

/// <summary>A place where one trainer can run at a time.</summary>
/// <param name="Index">The slot's number, from 0.</param>
/// <param name="Gpus">
/// The GPUs of its trainer, named as CUDA names them; empty for none; null to leave the trainer's view of GPUs alone.
/// </param>
public sealed record Slot(int Index, IReadOnlyList<string>? Gpus)
{
    /// <summary>The value for <c>CUDA_VISIBLE_DEVICES</c>; null when the variable is not to be set.</summary>
    public string? VisibleDevices => Gpus is null ? null : string.Join(',', Gpus);
}

using Pbt.Core.Studies;

namespace Pbt.Runtime.Resources;

/// <summary>The slots that a study may use on this machine.</summary>
public static class MachineSlots
{
    /// <summary>Plans them.</summary>
    /// <param name="spec">What the study asks for.</param>
    /// <param name="slots">How many; null for what the spec or the machine says.</param>
    /// <exception cref="InvalidRequestException">The resources asked for are not there.</exception>
    public static SlotPlan Plan(StudySpec spec, int? slots)
    {
        GpuRequest request = spec.Resources.Gpus switch
        {
            null => new GpuRequest.Auto(),
            { Count: 0 } => new GpuRequest.None(),
            var indices => new GpuRequest.Listed(indices),
        };
        var visible = new GpuDetector().Detect();
        return SlotPlan.Create(
            slots ?? spec.Resources.Slots,
            request,
            spec.Resources.GpusPerMember,
            spec.Resources.MembersPerGpu,
            visible,
            Environment.ProcessorCount,
            spec.FirstMembers) switch
        {
            SlotPlanning.Planned planned => planned.Plan,
            SlotPlanning.Refused refused => throw new InvalidRequestException(refused.Reason),
            _ => throw new NotSupportedException(),
        };
    }
}

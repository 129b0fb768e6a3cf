using System.Globalization;

namespace Pbt.Runtime.Resources;

/// <summary>How many trainers run at a time on this machine, and on which GPUs.</summary>
/// <remarks>Pure and immutable. Slots are spread evenly: each goes to the GPU that carries the fewest so far.</remarks>
public sealed class SlotPlan
{
    private SlotPlan(IReadOnlyList<Slot> slots) => Slots = slots;

    /// <summary>The slots, in order of their index; at least one.</summary>
    public IReadOnlyList<Slot> Slots { get; }

    /// <summary>Plans the slots of one machine.</summary>
    /// <remarks>
    /// Without <paramref name="slots"/> there are as many as the GPUs carry or, without GPUs, as there are processors.
    /// There are never more than members.
    /// </remarks>
    /// <param name="slots">How many are wanted; null for as many as fit.</param>
    /// <param name="request">Which GPUs are wanted.</param>
    /// <param name="gpusPerMember">GPUs for each member; above 1 only with one member per GPU.</param>
    /// <param name="membersPerGpu">Members that share a GPU; above 1 only with one GPU per member.</param>
    /// <param name="visibleGpus">What the machine offers, after an already set mask: see <see cref="GpuDetector"/>.</param>
    /// <param name="processorCount">The processors of the machine.</param>
    /// <param name="population">The members of the study.</param>
    public static SlotPlanning Create(
        int? slots,
        GpuRequest request,
        int gpusPerMember,
        int membersPerGpu,
        IReadOnlyList<string> visibleGpus,
        int processorCount,
        int population)
    {
        if (Contradiction(slots, gpusPerMember, membersPerGpu, population) is { } contradiction)
            return Refuse(contradiction);
        if (Choose(request, visibleGpus, out var reason) is not { } gpus)
            return Refuse(reason);

        var wantsGpus = request is not GpuRequest.None;
        if (wantsGpus && gpus.Count < gpusPerMember && (gpus.Count > 0 || gpusPerMember > 1))
        {
            return Refuse($"resources.gpus_per_member is {gpusPerMember}, but there {Are(gpus.Count)} to use here. "
                + "Lower gpus_per_member, or run on a machine with more GPUs.");
        }

        if (gpus.Count == 0)
        {
            var places = Math.Min(slots ?? Math.Max(1, processorCount), population);
            var mask = wantsGpus ? null : Array.Empty<string>();
            return new SlotPlanning.Planned(new SlotPlan([.. Enumerable.Range(0, places).Select(i => new Slot(i, mask))]));
        }

        var capacity = gpus.Count / gpusPerMember * membersPerGpu;
        if (slots > capacity)
        {
            return Refuse(string.Create(CultureInfo.InvariantCulture, $"resources.slots is {slots}, but there {Are(gpus.Count)} to use here, which carry {capacity} ")
                + $"(gpus_per_member: {gpusPerMember}, members_per_gpu: {membersPerGpu}). "
                + (gpusPerMember > 1 ? "Lower slots or gpus_per_member, or leave slots out." : "Lower slots, raise members_per_gpu, or leave slots out."));
        }

        var count = Math.Min(slots ?? capacity, population);
        return new SlotPlanning.Planned(new SlotPlan([.. Enumerable.Range(0, count).Select(i => Place(i, gpus, gpusPerMember))]));
    }

    private static Slot Place(int index, IReadOnlyList<string> gpus, int gpusPerMember) => gpusPerMember > 1
        ? new Slot(index, [.. gpus.Skip(index * gpusPerMember).Take(gpusPerMember)])
        : new Slot(index, [gpus[index % gpus.Count]]);

    private static string? Contradiction(int? slots, int gpusPerMember, int membersPerGpu, int population)
    {
        if (population < 1)
            return $"population is {population}. It must be at least 1.";
        if (slots < 1)
            return string.Create(CultureInfo.InvariantCulture, $"resources.slots is {slots}. It must be at least 1; leave it out to use what fits.");
        if (gpusPerMember < 1)
            return $"resources.gpus_per_member is {gpusPerMember}. It must be at least 1; for no GPUs, write gpus: none.";
        if (membersPerGpu < 1)
            return $"resources.members_per_gpu is {membersPerGpu}. It must be at least 1.";
        return gpusPerMember > 1 && membersPerGpu > 1
            ? $"resources asks for {gpusPerMember} GPUs per member and for {membersPerGpu} members per GPU. Only one of the two can be above 1; set the other to 1."
            : null;
    }

    private static IReadOnlyList<string>? Choose(GpuRequest request, IReadOnlyList<string> visible, out string reason)
    {
        reason = "";
        if (request is not GpuRequest.Listed(var indices))
            return request is GpuRequest.None ? [] : visible;

        if (indices.Count == 0)
            reason = "resources.gpus is an empty list. Name at least one GPU, or write gpus: none.";
        else if (indices.Cast<int?>().FirstOrDefault(index => index < 0 || index >= visible.Count) is { } outside)
            reason = Outside(outside, visible);
        else if (indices.GroupBy(index => index).FirstOrDefault(group => group.Count() > 1) is { } twice)
            reason = $"resources.gpus names GPU {twice.Key} more than once. Name it once; to share a GPU between members, raise members_per_gpu.";
        return reason.Length == 0 ? [.. indices.Select(index => visible[index])] : null;
    }

    private static string Outside(int index, IReadOnlyList<string> visible) => visible.Count == 0
        ? $"resources.gpus names GPU {index}, but no GPU is visible here. Write gpus: none, or check the driver and CUDA_VISIBLE_DEVICES."
        : $"resources.gpus names GPU {index}, but {(visible.Count == 1 ? "one GPU is" : $"{visible.Count} GPUs are")} visible here ({string.Join(',', visible)}), "
            + $"numbered 0 to {visible.Count - 1} within CUDA_VISIBLE_DEVICES. Correct the list, or widen CUDA_VISIBLE_DEVICES.";

    private static string Are(int count) => count switch
    {
        0 => "are no GPUs",
        1 => "is 1 GPU",
        _ => $"are {count} GPUs",
    };

    private static SlotPlanning.Refused Refuse(string reason) => new(reason);
}

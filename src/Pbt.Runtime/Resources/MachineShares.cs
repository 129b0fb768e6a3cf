using System.Collections.Immutable;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Resources;

/// <summary>The part of this machine that one study has while others run beside it.</summary>
/// <param name="Slots">Attempts at a time, where no GPU counts them; null for as many as the study takes.</param>
/// <param name="Gpus">Its GPUs, named as CUDA names them; null where it may use all that are visible.</param>
public sealed record MachineShare(int? Slots, IReadOnlyList<string>? Gpus)
{
    /// <summary>The value of <see cref="GpuDetector.MaskVariable"/> for a study; null where it is not to be set.</summary>
    public string? MaskFor(StudySpec spec) => Gpus is { Count: > 0 } && spec.Resources.Gpus is null ? string.Join(',', Gpus) : null;

    /// <summary>The attempts at a time of a study; null for as many as its spec says or fit.</summary>
    public int? SlotsFor(StudySpec spec)
    {
        var most = Slots;
        if (Gpus is { Count: > 0 } && spec.Resources.Gpus is null)
            most = Math.Min(most ?? int.MaxValue, Gpus.Count / spec.Resources.GpusPerMember * spec.Resources.MembersPerGpu);

        return most is { } limit ? Math.Min(spec.Resources.Slots ?? limit, limit) : null;
    }
}

/// <summary>Divides this machine among studies that run at the same time.</summary>
/// <remarks>Pure. No GPU is in two shares, and the slots of all shares are no more than the machine's.</remarks>
public static class MachineShares
{
    /// <summary>Why these studies cannot share a machine, as a sentence, or null.</summary>
    /// <param name="atOnce">How many run at a time.</param>
    /// <param name="specs">The studies.</param>
    public static string? Objection(int atOnce, IEnumerable<StudySpec> specs) =>
        atOnce > 1 && specs.FirstOrDefault(static s => s.Resources.Gpus is { Count: > 0 }) is { } listed
            ? $"{listed.Name}: resources.gpus lists GPUs, which studies that run at once would share. Write gpus: auto, so that each study gets GPUs of its own (CUDA_VISIBLE_DEVICES limits them all), or run one at a time: at_once: 1."
            : null;

    /// <summary>Divides it as evenly as may be.</summary>
    /// <remarks>There are fewer shares than asked for where a share would be without a slot, or without GPUs enough for one member.</remarks>
    /// <param name="atOnce">How many studies run at a time at most.</param>
    /// <param name="slots">Attempts at a time of all studies together; null for what the machine carries.</param>
    /// <param name="visibleGpus">What the machine offers: see <see cref="GpuDetector"/>.</param>
    /// <param name="processorCount">The processors of the machine.</param>
    /// <param name="specs">The studies, at least one.</param>
    public static ImmutableArray<MachineShare> Divide(int atOnce, int? slots, IReadOnlyList<string> visibleGpus, int processorCount, IReadOnlyList<StudySpec> specs)
    {
        var wanting = visibleGpus.Count == 0 ? [] : specs.Where(static s => s.Resources.Gpus is null).ToList();
        var places = slots ?? Math.Max(1, processorCount);
        var shares = Math.Min(atOnce, specs.Count);
        if (slots is not null || wanting.Count < specs.Count)
            shares = Math.Min(shares, places);

        if (wanting.Count > 0)
            shares = Math.Min(shares, Math.Max(1, visibleGpus.Count / wanting.Max(static s => s.Resources.GpusPerMember)));

        if (shares <= 1)
            return [new(slots, Gpus: null)];

        // Where GPUs count the attempts of every study, processors do not.
        int? counted = slots is null && wanting.Count == specs.Count ? null : places;
        return
        [
            .. Enumerable.Range(0, shares).Select(i => new MachineShare(
                counted is { } all ? Part(all, i, shares).GetOffsetAndLength(all).Length : null,
                wanting.Count > 0 ? [.. visibleGpus.Take(Part(visibleGpus.Count, i, shares))] : null)),
        ];
    }

    private static Range Part(int whole, int part, int parts)
    {
        var start = (whole / parts * part) + Math.Min(part, whole % parts);
        return new(start, start + (whole / parts) + (part < whole % parts ? 1 : 0));
    }
}

using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads how a study is carried out: resources and checkpoints.</summary>
internal static class WorkSections
{
    private const string GpusHint = "write gpus: auto, gpus: none or a list such as gpus: [0, 1]";

    /// <summary>Reads <c>resources</c>.</summary>
    public static ResourcesSpec Resources(SpecValue? value)
    {
        var standard = new ResourcesSpec();
        if (value?.Section(SpecSections.Resources) is not { } section)
            return standard;

        var resources = new ResourcesSpec
        {
            Slots = section.Value("slots")?.Int(1),
            Gpus = Gpus(section.Value("gpus")),
            GpusPerMember = section.Value("gpus_per_member")?.Int(1) ?? standard.GpusPerMember,
            MembersPerGpu = section.Value("members_per_gpu")?.Int(1) ?? standard.MembersPerGpu,
        };
        if (resources.Gpus is { Count: > 0 } gpus && gpus.Count < resources.GpusPerMember)
            section.FailKey("gpus_per_member", $"a member needs {resources.GpusPerMember} GPUs, but gpus lists {gpus.Count}");
        return resources;
    }

    /// <summary>Reads <c>lease</c>.</summary>
    public static TimeSpan Lease(SpecValue? value) => value?.Duration(TimeSpan.FromSeconds(1), TimeSpan.FromHours(1)) ?? TimeSpan.FromSeconds(30);

    /// <summary>Reads <c>checkpoints</c>.</summary>
    public static CheckpointPolicy Checkpoints(SpecValue? value)
    {
        var standard = new CheckpointPolicy();
        if (value?.Section(SpecSections.Checkpoints) is not { } section)
            return standard;

        if (section.Has("keep") && section.Has("every"))
            section.FailKey("every", "both keep and every are given; keep one");

        return new(
            section.Value("keep_last")?.Int(1) ?? standard.KeepLast,
            section.Value("keep_best")?.Int(0) ?? standard.KeepBest,
            section.Value("verify")?.Truth() ?? standard.Verify,
            section.Value("keep")?.OneOf(Vocabulary.Keep, "word for what is kept") ?? section.Value("every")?.Int(1),
            section.Value("sync")?.Truth() ?? standard.Sync)
        {
            Store = CheckpointStoreSection.Read(section),
        };
    }

    private static ImmutableArray<int>? Gpus(SpecValue? value)
    {
        if (value is null or { Scalar: { Kind: ScalarKind.Text, Text: "auto" } })
            return null;

        if (value.Scalar is { Kind: ScalarKind.Text, Text: "none" })
            return [];

        if (value.Node is not ListNode || value.List(GpusHint) is not { } items)
            return value.Expected<ImmutableArray<int>?>("auto, none or a list", GpusHint);

        if (items.Length == 0)
            value.Fail($"the list is empty; {GpusHint}");

        var seen = new HashSet<int>();
        foreach (var item in items)
        {
            if (item.Int(0) is { } gpu && !seen.Add(gpu))
                item.Fail($"GPU {gpu} is listed twice; to share a GPU write members_per_gpu");
        }

        return [.. seen];
    }
}

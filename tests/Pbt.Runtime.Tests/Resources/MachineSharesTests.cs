using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;

namespace Pbt.Runtime.Tests.Resources;

public sealed class MachineSharesTests
{
    // A share is written as its GPUs (or -) and its slots (or -), as a study with the first spec is given them.
    [Theory]
    [InlineData(1, null, "", 8, "auto", "-:-")]
    [InlineData(1, 3, "", 8, "auto", "-:3")]
    [InlineData(2, null, "", 8, "auto", "-:4 -:4")]
    [InlineData(3, null, "", 8, "auto", "-:3 -:3 -:2")]
    [InlineData(4, null, "", 2, "auto", "-:1 -:1")]
    [InlineData(4, null, "", 1, "auto", "-:-")]
    [InlineData(2, 6, "", 2, "auto", "-:3 -:3")]
    [InlineData(2, null, "0 1", 8, "auto", "0:1 1:1")]
    [InlineData(2, null, "0 1 2 3 4", 8, "auto", "0,1,2:3 3,4:2")]
    [InlineData(4, null, "4 7", 8, "auto", "4:1 7:1")]
    [InlineData(2, null, "0", 8, "auto", "-:-")]
    [InlineData(2, null, "GPU-aa MIG-bb", 1, "auto", "GPU-aa:1 MIG-bb:1")]
    [InlineData(3, null, "0 1 2 3", 8, "auto*2", "0,1:1 2,3:1")]
    [InlineData(3, null, "0 1 2", 8, "auto*2", "-:-")]
    [InlineData(2, null, "0 1", 8, "auto/3", "0:3 1:3")]
    [InlineData(2, 2, "0 1", 8, "auto/3", "0:1 1:1")]
    [InlineData(2, null, "0 1", 8, "none", "-:4 -:4")]
    [InlineData(2, null, "0 1", 8, "none auto", "-:4 -:4")]
    [InlineData(2, null, "0 1", 8, "auto none", "0:1 1:1")]
    [InlineData(2, null, "", 8, "auto:3", "-:3 -:3")]
    [InlineData(2, null, "", 8, "auto:6", "-:4 -:4")]
    [InlineData(2, null, "0 1 2 3", 8, "auto:1", "0,1:1 2,3:1")]
    public void The_machine_is_divided_evenly_and_no_gpu_is_in_two_shares(int atOnce, int? slots, string gpus, int processors, string resources, string expected)
    {
        List<StudySpec> specs = [.. resources.Split(' ').Select(Spec)];

        var shares = MachineShares.Divide(atOnce, slots, gpus.Split(' ', StringSplitOptions.RemoveEmptyEntries), processors, [.. specs, .. specs, .. specs, .. specs]);

        Assert.Equal(expected, string.Join(' ', shares.Select(share => $"{share.MaskFor(specs[0]) ?? "-"}:{share.SlotsFor(specs[0])?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "-"}")));
    }

    [Theory]
    [InlineData(5, 17)]
    [InlineData(16, 16)]
    [InlineData(7, 3)]
    public void All_shares_together_are_the_machine(int atOnce, int slots)
    {
        var shares = MachineShares.Divide(atOnce, slots: null, [], slots, [.. Enumerable.Repeat(Spec("auto"), 40)]);

        Assert.Equal((Math.Min(atOnce, slots), slots), (shares.Length, shares.Sum(static s => s.Slots)));
    }

    [Fact]
    public void There_are_no_more_shares_than_studies() => Assert.Single(MachineShares.Divide(8, slots: null, [], 8, [Spec("auto")]));

    [Fact]
    public void A_list_of_gpus_cannot_be_shared()
    {
        var listed = Spec("auto") with { Resources = new ResourcesSpec { Gpus = [0, 1] } };

        Assert.Null(MachineShares.Objection(1, [listed]));
        Assert.Null(MachineShares.Objection(2, [Spec("auto"), Spec("none")]));
        Assert.Contains("Write gpus: auto", MachineShares.Objection(2, [Spec("auto"), listed]), StringComparison.Ordinal);
    }

    // auto or none, then *GPUs per member, /members per GPU or :slots.
    private static StudySpec Spec(string resources)
    {
        var parts = resources.Split('*', '/', ':');
        var number = parts.Length > 1 ? int.Parse(parts[1], System.Globalization.CultureInfo.InvariantCulture) : 1;
        return new()
        {
            Name = "demo",
            Population = 16,
            Objective = new Objective("score", Goal.Maximize),
            Interval = new IntervalLength(10, null),
            Budget = new Budget(Intervals: 3),
            Hyperparameters = new SearchSpace([]),
            Trainer = new BuiltinTrainerSpec("plain"),
            Resources = new ResourcesSpec
            {
                Gpus = parts[0] is "none" ? [] : null,
                GpusPerMember = resources.Contains('*', StringComparison.Ordinal) ? number : 1,
                MembersPerGpu = resources.Contains('/', StringComparison.Ordinal) ? number : 1,
                Slots = resources.Contains(':', StringComparison.Ordinal) ? number : null,
            },
        };
    }
}

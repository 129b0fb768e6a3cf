using Pbt.Runtime.Resources;

namespace Pbt.Runtime.Tests.Resources;

public sealed class SlotPlanTests
{
    // Slots are written as their GPUs, one slot a word; "-" is a slot whose trainers keep their own view of GPUs, "none"
    // one whose trainers see none.
    [Theory]
    [InlineData(null, "auto", 1, 1, "", 8, 16, "- - - - - - - -")]
    [InlineData(null, "auto", 1, 1, "", 8, 3, "- - -")]
    [InlineData(null, "auto", 1, 1, "", 0, 3, "-")]
    [InlineData(3, "auto", 1, 1, "", 2, 16, "- - -")]
    [InlineData(30, "auto", 1, 1, "", 2, 4, "- - - -")]
    [InlineData(null, "auto", 1, 4, "", 2, 4, "- -")]
    [InlineData(null, "auto", 1, 1, "0 1", 8, 16, "0 1")]
    [InlineData(null, "auto", 1, 1, "0 1", 8, 1, "0")]
    [InlineData(null, "auto", 1, 2, "0 1", 8, 16, "0 1 0 1")]
    [InlineData(3, "auto", 1, 2, "0 1", 8, 16, "0 1 0")]
    [InlineData(4, "auto", 1, 3, "0 1", 8, 16, "0 1 0 1")]
    [InlineData(null, "auto", 1, 3, "0", 1, 16, "0 0 0")]
    [InlineData(null, "auto", 2, 1, "0 1 2 3 4", 8, 16, "0,1 2,3")]
    [InlineData(1, "auto", 4, 1, "0 1 2 3", 8, 16, "0,1,2,3")]
    [InlineData(null, "auto", 1, 1, "4 5", 8, 16, "4 5")]
    [InlineData(null, "auto", 2, 1, "GPU-aa MIG-bb", 8, 16, "GPU-aa,MIG-bb")]
    [InlineData(null, "0 1", 1, 1, "4 5 6", 8, 16, "4 5")]
    [InlineData(null, "2 0", 1, 1, "4 5 6", 8, 16, "6 4")]
    [InlineData(null, "1", 1, 2, "GPU-aa MIG-bb", 8, 16, "MIG-bb MIG-bb")]
    [InlineData(null, "none", 1, 1, "0 1", 2, 16, "none none")]
    [InlineData(null, "none", 4, 1, "0 1", 2, 1, "none")]
    [InlineData(5, "none", 1, 1, "", 2, 16, "none none none none none")]
    public void What_fits_is_spread_evenly(
        int? slots, string request, int gpusPerMember, int membersPerGpu, string visible, int processors, int population, string expected)
    {
        var planning = SlotPlan.Create(slots, Request(request), gpusPerMember, membersPerGpu, Words(visible), processors, population);

        var plan = Assert.IsType<SlotPlanning.Planned>(planning).Plan;
        Assert.Equal(expected, string.Join(' ', plan.Slots.Select(slot => slot.VisibleDevices switch { null => "-", "" => "none", var gpus => gpus })));
        Assert.Equal(Enumerable.Range(0, plan.Slots.Count), plan.Slots.Select(slot => slot.Index));
    }

    [Theory]
    [InlineData(null, "auto", 2, 2, "0 1", 8, "Only one of the two can be above 1")]
    [InlineData(null, "auto", 0, 1, "0 1", 8, "resources.gpus_per_member is 0")]
    [InlineData(null, "auto", 1, 0, "0 1", 8, "resources.members_per_gpu is 0")]
    [InlineData(0, "auto", 1, 1, "0 1", 8, "resources.slots is 0")]
    [InlineData(-3, "auto", 1, 1, "", 8, "resources.slots is -3")]
    [InlineData(null, "auto", 1, 1, "", 0, "population is 0")]
    [InlineData(3, "auto", 1, 1, "0 1", 8, "resources.slots is 3, but there are 2 GPUs to use here, which carry 2")]
    [InlineData(3, "auto", 1, 1, "0 1", 2, "resources.slots is 3")]
    [InlineData(5, "auto", 1, 2, "0 1", 8, "which carry 4")]
    [InlineData(2, "auto", 2, 1, "0 1 2", 8, "Lower slots or gpus_per_member")]
    [InlineData(2, "1", 1, 1, "0 1 2", 8, "there is 1 GPU to use here, which carry 1")]
    [InlineData(null, "auto", 2, 1, "0", 8, "gpus_per_member is 2, but there is 1 GPU")]
    [InlineData(null, "auto", 2, 1, "", 8, "gpus_per_member is 2, but there are no GPUs")]
    [InlineData(null, "0 2", 1, 1, "4 5", 8, "names GPU 2, but 2 GPUs are visible here (4,5), numbered 0 to 1")]
    [InlineData(null, "4", 1, 1, "4 5", 8, "names GPU 4")]
    [InlineData(null, "-1", 1, 1, "4 5", 8, "names GPU -1")]
    [InlineData(null, "0", 1, 1, "", 8, "no GPU is visible here")]
    [InlineData(null, "0 1 0", 1, 1, "4 5", 8, "names GPU 0 more than once")]
    [InlineData(null, "", 1, 1, "4 5", 8, "empty list")]
    public void What_does_not_fit_is_refused_with_a_reason(
        int? slots, string request, int gpusPerMember, int membersPerGpu, string visible, int population, string expected)
    {
        var planning = SlotPlan.Create(slots, Request(request), gpusPerMember, membersPerGpu, Words(visible), processorCount: 8, population);

        Assert.Contains(expected, Assert.IsType<SlotPlanning.Refused>(planning).Reason, StringComparison.Ordinal);
    }

    private static GpuRequest Request(string text) => text switch
    {
        "auto" => new GpuRequest.Auto(),
        "none" => new GpuRequest.None(),
        _ => new GpuRequest.Listed([.. Words(text).Select(int.Parse)]),
    };

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}

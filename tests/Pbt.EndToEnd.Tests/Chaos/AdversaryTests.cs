using Pbt.Chaos.Rounds;

namespace Pbt.EndToEnd.Tests.Chaos;

/// <summary>The short version of <c>eng/chaos</c>.</summary>
public sealed class AdversaryTests
{
    [Fact]
    public async Task Nothing_is_lost_in_a_synchronous_and_an_asynchronous_study_under_a_seeded_adversary()
    {
        var said = new List<string>();
        var campaign = new Campaign(new CampaignOptions { Seed = 20, Faults = 15, FaultsInRound = 11, Intervals = 12 }, said.Add);
        await campaign.RunAsync();
        Assert.True(campaign.Results.TrueForAll(static r => r.Violations.Count == 0), string.Join('\n', said));
        Assert.True(campaign.Tally.Total >= 15, string.Join('\n', said));
        Assert.Contains(campaign.Results, static r => r.Plan.IsSynchronous);
        Assert.Contains(campaign.Results, static r => !r.Plan.IsSynchronous);
    }
}

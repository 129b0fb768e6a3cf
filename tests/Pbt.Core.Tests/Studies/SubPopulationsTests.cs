using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class SubPopulationsTests
{
    [Theory]
    [InlineData(24, new[] { 6, 6, 6, 6 })]
    [InlineData(22, new[] { 6, 6, 5, 5 })]
    [InlineData(17, new[] { 5, 4, 4, 4 })]
    [InlineData(16, new[] { 4, 4, 4, 4 })]
    public void Sub_populations_differ_by_one_member_at_most(int population, int[] sizes) =>
        Assert.Equal(sizes, SubPopulations.Of(Frequencies(population)).Select(static g => g.Count));

    [Fact]
    public void Every_member_is_in_one_sub_population()
    {
        for (var population = 4; population < 60; population++)
        {
            var spec = Frequencies(population);
            var groups = SubPopulations.Of(spec);
            for (var member = 0; member < population; member++)
                Assert.Equal(Assert.Single(groups, g => g.Has(new MemberId(member))), SubPopulations.Of(spec, new MemberId(member)));
        }
    }

    [Fact]
    public void The_first_members_decide_most_often() =>
        Assert.Equal(["every 1", "every 10", "every 25", "every 50"], SubPopulations.Of(Frequencies(16)).Select(static g => g.Name));

    [Fact]
    public void A_study_of_one_population_has_none()
    {
        Assert.Empty(SubPopulations.Of(TestStudy.SynchronousSpec));
        Assert.Null(SubPopulations.Of(TestStudy.SynchronousSpec, new MemberId(0)));
    }

    private static StudySpec Frequencies(int population) =>
        TestStudy.SynchronousSpec with { Population = population, Exploit = new MultipleFrequenciesExploit() };
}

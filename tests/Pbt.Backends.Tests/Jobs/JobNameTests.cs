using Pbt.Backends.Jobs;

namespace Pbt.Backends.Tests.Jobs;

public sealed class JobNameTests
{
    [Theory]
    [InlineData("cartpole", "/runs/cartpole", "pbt-cartpole-e5c0303a")]
    public void A_name_says_which_study_and_where(string study, string root, string name) => Assert.Equal(name, JobName.Of(study, root));

    [Fact]
    public void Two_directories_have_different_names() => Assert.NotEqual(JobName.Of("a", "/x"), JobName.Of("a", "/y"));

    [Fact]
    public void What_a_scheduler_could_trip_over_is_left_out()
    {
        var name = JobName.Of("a b,c'é%/" + new string('x', 200), "/x");
        Assert.StartsWith("pbt-a-b-c----xxx", name, StringComparison.Ordinal);
        Assert.True(name.Length <= 60);
    }
}

using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class StudyTemplateTests
{
    [Theory]
    [InlineData("demo")]
    [InlineData("7")]
    [InlineData("true")]
    [InlineData("1.5")]
    [InlineData("NAME")]
    public void The_template_is_a_valid_spec_of_the_name(string name) =>
        Assert.Equal(name, Specs.Read(StudyTemplate.Text(name)).Name);

    [Fact]
    public void The_template_shows_the_defaults()
    {
        var template = Specs.Read(StudyTemplate.Text("demo"));
        var bare = template with { Exploit = new TruncationExploit(), Explore = new PerturbExplore(), Initial = new RandomInitial(), Checkpoints = new(), BurnIn = 0 };

        Assert.Empty(SpecDifference.Between(bare, template));
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("../x")]
    public void A_name_that_no_study_can_have_is_refused(string name) =>
        Assert.Throws<ArgumentException>(() => StudyTemplate.Text(name));
}

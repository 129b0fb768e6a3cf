using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class ArgumentTemplateTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("plain", "plain")]
    [InlineData("{lr}", "<lr>")]
    [InlineData("--lr={lr},{seed}.", "--lr=<lr>,<seed>.")]
    [InlineData("{{lr}}", "{lr}")]
    [InlineData("{{{lr}}}", "{<lr>}")]
    [InlineData("{{}}", "{}")]
    [InlineData("}}{{", "}{")]
    [InlineData("{a}{b}", "<a><b>")]
    public void Placeholders_are_replaced_and_double_braces_are_braces(string text, string expected) =>
        Assert.Equal(expected, ArgumentTemplate.TryParse(text, out _)!.Expand(static name => $"<{name}>"));

    [Theory]
    [InlineData("{")]
    [InlineData("}")]
    [InlineData("{lr")]
    [InlineData("lr}")]
    [InlineData("{}")]
    [InlineData("{a{b}}")]
    [InlineData("{{lr}")]
    public void Braces_that_do_not_match_are_explained(string text)
    {
        Assert.Null(ArgumentTemplate.TryParse(text, out var objection));
        Assert.NotEmpty(objection!);
    }
}

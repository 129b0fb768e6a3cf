using Pbt.Docs.Tests.Pages;

namespace Pbt.Docs.Tests.Running;

public sealed class ShownOutputTests
{
    [Theory]
    [InlineData("best m3", "best m3\n")]
    [InlineData("best m3   \n\n", "best m3")]
    [InlineData("best … score …", "best m3 at interval 7, score 500")]
    [InlineData("a\n…\nd", "a\nb\nc\nd")]
    [InlineData("a\n…\nd", "a\nd")]
    [InlineData("a\n…", "a\nb\n")]
    [InlineData("…\nd (x)", "a\nd (x)")]
    public void It_fits(string shown, string printed) => Assert.True(ShownOutput.Fits(shown, printed));

    [Theory]
    [InlineData("best m3", "best m4")]
    [InlineData("a", "a\nb")]
    [InlineData("a\nb", "a")]
    [InlineData("a … c", "a b\nc")]
    [InlineData("a.c", "abc")]
    public void It_does_not_fit(string shown, string printed) => Assert.False(ShownOutput.Fits(shown, printed));

    [Fact]
    public void A_console_block_has_commands_with_their_output_and_exit_code()
    {
        var commands = ShownCommand.Of(new Fence(1, "console", "$ pbt a   # exit code 2\nno\n$ pbt b \\\n>   c\n$ pbt d\n…\n", new Dictionary<string, string>(StringComparer.Ordinal)));

        Assert.Equal([("pbt a   # exit code 2", "no\n", 2), ("pbt b \\\n  c", null, 0), ("pbt d", "…\n", 0)], commands.Select(static command => (command.Script, command.Shown, command.ExitCode)));
    }

    [Fact]
    public void More_arguments_go_to_the_programs_of_the_repository()
    {
        var fence = new Fence(1, "sh", "# first\n./pbt run a.yaml   # long\nls pbt\n", new Dictionary<string, string>(StringComparer.Ordinal) { ["run with"] = "--slots 1" });

        Assert.Equal("# first\n./pbt run a.yaml --slots 1\nls pbt\n", Assert.Single(ShownCommand.Of(fence)).Script);
    }
}

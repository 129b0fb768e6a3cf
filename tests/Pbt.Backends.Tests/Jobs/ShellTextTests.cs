using System.Diagnostics;
using Pbt.Backends.Jobs;

namespace Pbt.Backends.Tests.Jobs;

/// <summary>What a shell makes of a quoted command line: the traps of launchers that paste texts together.</summary>
public sealed class ShellTextTests
{
    [Fact]
    public void A_word_is_in_quotes_whatever_it_is() => Assert.Equal("'a' 'it'\\''s'", ShellText.Quote(["a", "it's"]));

    [Theory]
    [InlineData("a b")]
    [InlineData("--set=trainer.x=1=2")]
    [InlineData("")]
    [InlineData("it's")]
    [InlineData("\"quoted\" $HOME `id` $(id) \\ \\n ! * ? ~ # ; & | < > ( ) { }")]
    [InlineData("two\nlines\tand a tab")]
    [InlineData("ö 界")]
    [InlineData("-n")]
    public async Task A_shell_gives_back_every_argument_as_it_was(string argument)
    {
        string[] arguments = ["printf", "%s\\0", argument, "last"];
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", ShellText.CommandLine(arguments)]) { RedirectStandardOutput = true, UseShellExecute = false })!;

        var printed = await shell.StandardOutput.ReadToEndAsync();

        Assert.Equal($"{argument}\0last\0", printed);
    }

    [Fact]
    public void A_program_whose_name_has_an_equals_sign_is_no_assignment() => Assert.Equal("'A=b' c=d", ShellText.CommandLine(["A=b", "c=d"]));

    [Fact]
    public void What_needs_no_quotes_has_none() => Assert.Equal("pbt worker /a/b-c_d.e --slots 2 --store=x,y:z@w", ShellText.CommandLine(["pbt", "worker", "/a/b-c_d.e", "--slots", "2", "--store=x,y:z@w"]));
}

using System.CommandLine;
using Pbt.Cli.Help;

namespace Pbt.Cli.Tests.Commands;

public sealed class PbtCommandsTests
{
    private static readonly RootCommand Root =
        PbtCommands.Create(new CliServices(static _ => throw new NotSupportedException(), TimeProvider.System, TextWriter.Null, TextWriter.Null));

    public static TheoryData<string> Names => [.. Root.Subcommands.Select(static command => command.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Help_says_a_commands_exit_codes_and_an_example(string name)
    {
        using var output = new StringWriter();

        var exit = Root.Parse([name, "--help"]).Invoke(new InvocationConfiguration { Output = output });

        Assert.Equal(ExitCode.Done, exit);
        Assert.Contains("Exit codes:", output.ToString(), StringComparison.Ordinal);
        Assert.Contains($"Example:{Environment.NewLine}  pbt {name}", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Exit_codes_are_in_ascending_order_and_begin_with_success(string name)
    {
        var codes = CommandNote.Of(name)!.ExitCodes.Select(static code => code.Code).ToList();

        Assert.Equal(ExitCode.Done, codes[0]);
        Assert.Equal(codes.Distinct().Order(), codes);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void What_trains_ends_in_its_trainers_time_when_it_is_interrupted(string name)
    {
        var command = Root.Subcommands.Single(c => string.Equals(c.Name, name, StringComparison.Ordinal));

        Assert.Equal(command.Options.Any(static option => option.Name is "--slots"), Interruption.IsCaughtBy(command));
    }
}

using Pbt.Backends.Submit;
using Pbt.Core.Studies;

namespace Pbt.Backends.Tests.Submit;

/// <summary>Command lines made of templates.</summary>
public sealed class JobCommandsTests
{
    private static readonly string[] Worker = ["/opt/my pbt", "worker", "/runs/a b=c {x}", "--slots", "2"];

    [Fact]
    public void The_workers_arguments_stay_arguments_of_their_own() =>
        Assert.Equal(["qsub", "-N", "pbt-x-1", .. Worker], Commands(["qsub", "-N", "{name}", "{worker_arguments}"]).Submit("pbt-x-1"));

    [Fact]
    public void The_worker_as_one_text_is_quoted_for_a_shell() =>
        Assert.Equal(["batch", "-c", "exec '/opt/my pbt' worker '/runs/a b=c {x}' --slots 2"], Commands(["batch", "-c", "exec {worker}"]).Submit("n"));

    [Fact]
    public void Every_placeholder_has_its_value()
    {
        var commands = Commands(["s", "{name}", "{study}", "{directory}", "{log}", "{slots}", "{{literal}}", "{worker_arguments}"]);

        Assert.Equal(["s", "pbt-x-3", "pbt-x", "/runs/x", "/runs/x/logs/jobs/pbt-x-3.log", "2", "{literal}"], commands.Submit(commands.NameOf(3)).Take(7));
        Assert.Equal(["status", "77"], commands.Status("pbt-x-3", "77"));
        Assert.Equal(["cancel", "pbt-x-3"], commands.Cancel("pbt-x-3", "77"));
    }

    [Theory]
    [InlineData("{job}", "(.)", false, true)]
    [InlineData("{name}", "(.)", true, true)]
    [InlineData("all", "{name} (.)", true, false)]
    [InlineData("all", "{job} (.)", false, false)]
    public void It_is_known_how_jobs_are_asked_for(string argument, string pattern, bool byName, bool forOne)
    {
        var commands = Commands(["s", "{worker}"]);
        commands = commands with { Templates = commands.Templates with { Status = Line(["status", argument]), State = new PatternRule(pattern) } };

        Assert.Equal((byName, forOne), (commands.AsksByName, commands.AsksForOne));
    }

    private static JobCommands Commands(string[] submit) => new(Templates(submit), "pbt-x", Worker, "/runs/x", Slots: 2);

    private static JobTemplates Templates(string[] submit) => new()
    {
        Submit = Line(submit),
        Status = Line(["status", "{job}"]),
        Cancel = Line(["cancel", "{name}"]),
        State = new PatternRule("(.)"),
        States = new([], ["r"], [], []),
        WorkingDirectory = "/",
    };

    private static System.Collections.Immutable.ImmutableArray<CommandArgument> Line(string[] arguments) => [.. arguments.Select(static text => new CommandArgument([text], Droppable: false))];
}

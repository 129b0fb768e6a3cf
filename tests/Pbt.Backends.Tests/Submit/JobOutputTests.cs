using Pbt.Backends.Jobs;
using Pbt.Backends.Submit;
using Pbt.Core.Studies;

namespace Pbt.Backends.Tests.Submit;

/// <summary>Ids and states read from what programs print.</summary>
public sealed class JobOutputTests
{
    [Theory]
    [InlineData("^Your job ([0-9]+) ", "hello\nYour job 12 (\"x\") has been submitted\n", "12")]
    [InlineData("^ *{job} +\\S+ +(\\w+)", " 1 a qw\n 12 b r\n 120 c dr\n", "r")]
    [InlineData("{job}: (.*)$", "12: running \r\n", "running")]
    [InlineData("none (x)", "nothing", null)]
    public void A_regular_expression_finds_it_on_its_line(string pattern, string printed, string? expected) =>
        Assert.Equal(expected, JobOutput.Find(new PatternRule(pattern), printed, "12", "n"));

    [Fact]
    public void An_id_in_a_regular_expression_is_a_text()
    {
        Assert.Null(JobOutput.Find(new PatternRule("^{job} (.*)$"), "1x2 running", "1.2", "n"));
        Assert.Equal("R", JobOutput.Find(new PatternRule("^{name} (.*)$"), "a+b R", "1", "a+b"));
    }

    [Theory]
    [InlineData("""{ "job": { "id": 7 } }""", "7")]
    [InlineData("""{ "id": "x7" }""", "x7")]
    [InlineData("""{ "other": 1 }""", null)]
    [InlineData("no json at all", null)]
    public void The_first_json_path_that_leads_somewhere_counts(string printed, string? expected) =>
        Assert.Equal(expected, JobOutput.Find(new JsonRule(["$.job.id", "$.id"]), printed, string.Empty, "n"));

    [Theory]
    [InlineData("12", true)]
    [InlineData("12.server[3]", true)]
    [InlineData("", false)]
    [InlineData("--all", false)]
    [InlineData("1 2", false)]
    [InlineData("1\n2", false)]
    public void An_id_is_a_word_and_no_option(string id, bool isOne) => Assert.Equal(isOne, JobOutput.IdObjection(id) is null);

    [Fact]
    public void A_state_that_is_not_mapped_says_how_to_map_it()
    {
        var states = new JobStates(["q"], ["r"], ["d"], ["e"]);

        Assert.Equal([JobPhase.Waiting, JobPhase.Running, JobPhase.Completed, JobPhase.Failed], ((string[])["q", "r", "d", "e"]).Select(word => JobOutput.PhaseOf(states, word, "7")));
        var error = Assert.Throws<InvalidRequestException>(() => JobOutput.PhaseOf(states, "hold", "7"));
        Assert.Contains("job 7 is in the state 'hold'", error.Message, StringComparison.Ordinal);
        Assert.Contains("add it to backend.states.waiting, running, completed or failed", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_regular_expression_that_never_ends_is_given_up() =>
        Assert.Throws<JobQueueException>(() => JobOutput.Find(new PatternRule("^(a+)+$"), new string('a', 60) + "b", "1", "n"));
}

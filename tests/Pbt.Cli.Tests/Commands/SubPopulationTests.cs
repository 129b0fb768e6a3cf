using Pbt.Core.Studies;

namespace Pbt.Cli.Tests.Commands;

public sealed class SubPopulationTests
{
    [Fact]
    public async Task Status_names_the_sub_populations()
    {
        using var study = Fire();
        var text = (await study.RunAsync("status", "DIR")).Out;
        Assert.Contains("P1         m0 … m3\nP2         m4 … m7\nevaluators m8 … m10\n", text, StringComparison.Ordinal);

        var json = (await study.RunAsync("status", "DIR", "--json")).Json;
        Assert.Equal(
            "P1 P1 P1 P1 P2 P2 P2 P2 evaluators evaluators evaluators",
            string.Join(' ', json["members"]!.AsArray().Select(static m => (string?)m!["sub_population"])));
    }

    [Fact]
    public async Task Show_names_the_members_sub_population()
    {
        using var study = Fire();
        Assert.Contains("group      evaluators\n", (await study.RunAsync("show", "DIR", "m9")).Out, StringComparison.Ordinal);
        Assert.Equal("P2", (string?)(await study.RunAsync("show", "DIR", "m5", "--json")).Json["member"]!["sub_population"]);
    }

    [Fact]
    public async Task A_study_of_one_population_names_none()
    {
        using var study = TestStudy.Branching();
        Assert.All((await study.RunAsync("status", "DIR", "--json")).Json["members"]!.AsArray(), static m => Assert.Null(m!["sub_population"]));
        Assert.DoesNotContain("group ", (await study.RunAsync("show", "DIR", "m0")).Out, StringComparison.Ordinal);
    }

    private static TestStudy Fire()
    {
        var study = new TestStudy(TestStudy.Default with { Population = 11, Exploit = new FireExploit(), Mode = StudyMode.Synchronous });
        study.RunRound(static member => member);
        return study;
    }
}

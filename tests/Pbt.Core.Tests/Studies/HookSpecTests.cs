using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

public sealed class HookSpecTests
{
    [Fact]
    public void Hooks_and_their_time_are_read()
    {
        var hooks = Specs.Valid(("on", "{ best: [./tell, \"{score}\"], finished: [mail, [-s, \"{words}\"], me] }"), ("hook_timeout", "1m")).Hooks;

        Assert.Equal([HookKind.Best, HookKind.Finished], hooks.Commands.Keys);
        Assert.Equal(["./tell", "{score}"], hooks.Commands[HookKind.Best].SelectMany(static a => a.Parts));
        Assert.True(hooks.Commands[HookKind.Finished][1].Droppable);
        Assert.Equal(TimeSpan.FromMinutes(1), hooks.Timeout);
    }

    [Fact]
    public void Without_hooks_nothing_is_written()
    {
        Assert.True(Specs.Valid().Hooks.IsEmpty);
        Assert.DoesNotContain("\"on\"", SpecWriter.ToJson(Specs.Valid()), StringComparison.Ordinal);
        Assert.DoesNotContain("hook_timeout", SpecWriter.ToJson(Specs.Valid(("on", "{}"))), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{ bets: [x] }", "did you mean 'best'")]
    [InlineData("{ best: tell.sh }", "no shell splits it")]
    [InlineData("{ best: [] }", "the command is empty")]
    [InlineData("{ best: [x, \"{lr}\"] }", "{lr} is nothing that this program is told")]
    [InlineData("{ best: [x, \"{words\"] }", "never closed")]
    [InlineData("[best]", "expected")]
    public void What_is_wrong_is_said(string hooks, string expected) =>
        Assert.Contains(Specs.Errors(Specs.Yaml(("on", hooks))), error => error.Message.Contains(expected, StringComparison.Ordinal));

    [Theory]
    [InlineData("1ms", true)]
    [InlineData("2h", true)]
    [InlineData("30s", false)]
    public void A_time_without_hooks_or_outside_its_bounds_is_refused(string timeout, bool withHooks)
    {
        var keys = withHooks ? new (string Key, string? Value)[] { ("on", "{ best: [x] }"), ("hook_timeout", timeout) } : [("hook_timeout", timeout)];

        Assert.Equal("hook_timeout", Assert.Single(Specs.Errors(Specs.Yaml(keys))).Path);
    }
}

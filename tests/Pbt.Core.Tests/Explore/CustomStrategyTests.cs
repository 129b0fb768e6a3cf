using System.Collections.Immutable;
using Pbt.Core.Custom;
using Pbt.Core.Exploit;
using Pbt.Core.Explore;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Explore;

/// <summary>Strategies that a .NET user registers by name.</summary>
public sealed class CustomStrategyTests
{
    static CustomStrategyTests()
    {
        CustomStrategies.RegisterExploit("test_copy_last", static _ => new CopyLast());
        CustomStrategies.RegisterExplore("test_constant", static settings => new Constant(settings));
        CustomStrategies.RegisterExplore("test_throws", static _ => new Throws());
    }

    [Fact]
    public void A_study_is_decided_by_the_users_own_classes_and_verify_recomputes_them()
    {
        var study = new TestStudy(Spec("test_constant", ("value", 0.01)));
        study.RunRound(static member => -member);
        Assert.Equal(new MemberId(3), study.LastDecision(0).Donor);
        Assert.Equal(0.01, study[0].Hyperparameters["lr"].Number);

        var verification = new Verification();
        foreach (var recorded in study.AllEvents())
            verification.Verify(recorded);

        Assert.Empty(verification.Result.Differences);
    }

    [Fact]
    public void A_name_that_nobody_registered_is_refused_with_those_there_are()
    {
        var objection = Assert.Single(CustomStrategies.Objections(Spec("test_costant")));
        Assert.Contains("explore.name: there is no explore strategy 'test_costant' here", objection, StringComparison.Ordinal);
        Assert.Contains("test_constant", objection, StringComparison.Ordinal);
        Assert.Contains("PBT_STRATEGIES", objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_is_given_once() =>
        Assert.Throws<InvalidRequestException>(static () => CustomStrategies.RegisterExplore("test_constant", static settings => new Constant(settings)));

    [Theory]
    [InlineData("valeu", "'valeu' is no setting: it has value")]
    [InlineData("value", "the setting 'value' is fast; expected a number")]
    public void A_setting_that_is_misspelt_or_of_the_wrong_kind_is_refused(string setting, string objection)
    {
        var spec = Spec("test_constant") with
        {
            Explore = new CustomExplore("test_constant", ImmutableSortedDictionary<string, HyperparameterValue>.Empty.Add(setting, HyperparameterValue.Of("fast"))),
        };
        Assert.Contains(objection, Assert.Single(CustomStrategies.Objections(spec)), StringComparison.Ordinal);
    }

    [Fact]
    public void What_leaves_the_search_space_or_throws_is_reported_under_the_strategys_name()
    {
        var outside = Assert.Throws<InvalidRequestException>(static () => new TestStudy(Spec("test_constant", ("value", 7))).RunRound(static member => -member));
        Assert.Contains("'test_constant' gave lr=7, which does not lie in the search space", outside.Message, StringComparison.Ordinal);
        var thrown = Assert.Throws<InvalidRequestException>(static () => new TestStudy(Spec("test_throws")).RunRound(static member => -member));
        Assert.Contains("'test_throws' failed: FormatException: oh no", thrown.Message, StringComparison.Ordinal);
    }

    private static StudySpec Spec(string explore, params (string Name, double Value)[] settings) => TestStudy.SynchronousSpec with
    {
        Exploit = new CustomExploit("test_copy_last", ImmutableSortedDictionary<string, HyperparameterValue>.Empty),
        Explore = new CustomExplore(explore, settings.ToImmutableSortedDictionary(static s => s.Name, static s => HyperparameterValue.Of(s.Value))),
    };

    private sealed class CopyLast : IExploitStrategy
    {
        public ExploitChoice Choose(ExploitContext context) => context.Ranking.Entries[^1] is var last && last.Member != context.Self.Member
            ? new ExploitChoice.Inherit(last)
            : ExploitChoice.Keep.Instance;
    }

    private sealed class Constant(StrategySettings settings) : IExploreStrategy
    {
        private readonly double _value = settings.Number("value", 0.02);

        public Hyperparameters Explore(ExploreContext context) => context.Space.Build((_, _) => HyperparameterValue.Of(_value));
    }

    private sealed class Throws : IExploreStrategy
    {
        public Hyperparameters Explore(ExploreContext context) => throw new FormatException("oh no");
    }
}

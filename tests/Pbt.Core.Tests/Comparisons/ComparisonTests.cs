using Pbt.Core.Comparisons;
using Pbt.Core.Statistics;
using Pbt.Core.Studies;
using Pbt.Core.Tests.Studies;

namespace Pbt.Core.Tests.Comparisons;

public sealed class ComparisonTests
{
    private static readonly StudySpec Spec = Specs.Valid();
    private static readonly StudyRuns Weak = Runs("weak", 1, 2, 3, 4);
    private static readonly StudyRuns Strong = Runs("strong", 3, 5, 6, 7);

    [Fact]
    public void Each_study_has_its_figures_and_its_odds_against_each_reference_but_itself()
    {
        var comparison = Comparison.Of([Weak, Strong], ["weak"], Measure.Final, resamples: 2000);

        var (weak, strong) = (comparison.Studies[0], comparison.Studies[1]);
        Assert.Equal((2.5, 2.5), (weak.Mean.Value, weak.InterquartileMean.Value));
        Assert.Equal((5.25, 5.5), (strong.Mean.Value, strong.InterquartileMean.Value));
        Assert.Empty(weak.Improvements);
        Assert.Equal(("weak", 14.5 / 16), (strong.Improvements[0].Over, strong.Improvements[0].Probability.Value));
        Assert.Equal(BootstrapInterval.Of([3, 5, 6, 7], Summary.MeanOfSorted, 2000), strong.Mean);
    }

    [Fact]
    public void Where_low_is_good_lower_is_an_improvement_and_scores_keep_their_sign()
    {
        var (weak, strong) = (Minimizing(Weak), Minimizing(Strong));

        var comparison = Comparison.Of([strong, weak], ["strong"], Measure.Final, resamples: 2000);

        Assert.Equal(5.25, comparison.Studies[0].Mean.Value);
        Assert.Equal(14.5 / 16, comparison.Studies[1].Improvements[0].Probability.Value);
    }

    [Fact]
    public void The_best_scores_are_compared_on_demand() =>
        Assert.Equal(102.5, Comparison.Of([Weak], [], Measure.Best, resamples: 2000).Studies[0].Mean.Value);

    [Fact]
    public void The_figures_do_not_depend_on_what_else_is_compared() => Assert.Equal(
        Comparison.Of([Strong], [], Measure.Final, 2000).Studies[0].Mean,
        Comparison.Of([Weak, Strong], ["weak"], Measure.Final, 2000).Studies[1].Mean);

    [Fact]
    public void A_curve_has_the_mean_of_the_runs_that_came_so_far()
    {
        var study = new StudyRuns("demo", Spec, [Run(0, 1, [new(1, 1, 1), new(2, 0, 1)]), Run(1, 1, [new(1, 3, 3)])]);

        var curve = Comparison.Curve(study, resamples: 2000);

        Assert.Equal(2, curve.Length);
        Assert.Equal((1, 2, 2.0, 2.0), (curve[0].Interval, curve[0].Runs, curve[0].Current.Value, curve[0].BestSoFar.Value));
        Assert.Equal(new CurveRow(2, 1, new Estimate(0, null), new Estimate(1, null)), curve[1]);
    }

    [Fact]
    public void Nothing_and_different_objectives_are_not_compared()
    {
        Assert.Throws<ArgumentException>(() => Comparison.Of([], [], Measure.Final));
        Assert.Throws<ArgumentException>(() => Comparison.Of([Weak, Minimizing(Strong)], [], Measure.Final));
    }

    private static StudyRuns Runs(string name, params double[] finals) =>
        new(name, Spec, [.. finals.Select(static (final, i) => Run((ulong)i, final, [new(1, final, final)]))]);

    private static StudyRuns Minimizing(StudyRuns study) => study with { Spec = study.Spec with { Objective = new("return", Goal.Minimize) } };

    private static RunOutcome Run(ulong seed, double final, CurvePoint[] curve) =>
        new() { Seed = seed, Final = final, Best = final + 100, Steps = 4000, Curve = [.. curve] };
}

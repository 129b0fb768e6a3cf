using Pbt.Core.Studies;
using Pbt.Dashboard.Views;

namespace Pbt.Dashboard.Figures;

/// <summary>What a study's figures are drawn from.</summary>
/// <remarks>Immutable; a function of the view at one version.</remarks>
internal sealed class FigureData
{
    private readonly double _low;
    private readonly double _high;
    private readonly double _sign;

    private FigureData(StudyView view)
    {
        View = view;
        _sign = view.State.Spec.Objective.Goal == Goal.Maximize ? 1 : -1;
        Steps = new double[view.Intervals.Rows.Count];
        for (var row = 0; row < Steps.Length; row++)
        {
            var interval = view.Intervals.Rows[row];
            Steps[row] = interval.Steps + (interval.Parent >= 0 ? Steps[interval.Parent] : BaseOf(interval.Member));
        }

        // The worst twentieth has no colours of its own, so that one crash does not take them all.
        var fitness = Completed.Select(FitnessOf).Order().ToList();
        (_low, _high) = fitness.Count == 0 ? (0, 1) : (fitness[fitness.Count / 20], fitness[^1]);
        Best = view.Intervals.RowOf(view.State.Best?.Record.Checkpoint);
    }

    /// <summary>The study.</summary>
    public StudyView View { get; }

    /// <summary>Trainer steps in the weights at each row's end.</summary>
    public double[] Steps { get; }

    /// <summary>The row of the best score, or −1.</summary>
    public int Best { get; }

    /// <summary>The rows of completed intervals.</summary>
    public IEnumerable<int> Completed
    {
        get
        {
            for (var row = 0; row < View.Intervals.Rows.Count; row++)
            {
                if (View.Intervals.Rows[row].Kind == IntervalKind.Completed)
                    yield return row;
            }
        }
    }

    /// <summary>What a study's figures are drawn from, or null while nothing has completed.</summary>
    public static FigureData? Of(StudyView view) => view.State is { Exists: true, CompletedIntervals: > 0 } ? new FigureData(view) : null;

    /// <summary>The colour of a row's score, as an index into <see cref="Figure.Ramp"/>.</summary>
    public int BinOf(int row) => _high <= _low
        ? Figure.Ramp.Length - 1
        : Math.Clamp((int)((FitnessOf(row) - _low) / (_high - _low) * Figure.Ramp.Length), 0, Figure.Ramp.Length - 1);

    /// <summary>The rows whose training is in a row's weights, oldest first; none for −1.</summary>
    public List<int> LineageOf(int row)
    {
        var lineage = new List<int>();
        for (; row >= 0; row = View.Intervals.Rows[row].Parent)
            lineage.Add(row);

        lineage.Reverse();
        return lineage;
    }

    /// <summary>Trainer steps before a row's interval.</summary>
    public double StepsBefore(int row) => Steps[row] - View.Intervals.Rows[row].Steps;

    private double BaseOf(int member) => View.State.Spec.StartStepsOf(member);

    private double FitnessOf(int row)
    {
        var interval = View.Intervals.Rows[row];
        return _sign * (double.IsNaN(interval.Smoothed) ? interval.Score : interval.Smoothed);
    }
}

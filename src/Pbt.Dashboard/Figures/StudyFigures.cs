using Pbt.Core.Population;
using Pbt.Core.SearchSpaces;
using Pbt.Dashboard.Views;

namespace Pbt.Dashboard.Figures;

/// <summary>Draws a study: its scores, each hyperparameter, and the lineage of its members.</summary>
internal static class StudyFigures
{
    private const int LaneHeight = 16;

    /// <summary>Every figure with its name, which is fit to be a file's; none while nothing has completed.</summary>
    public static IEnumerable<(string Name, string Svg)> Of(StudyView view)
    {
        if (FigureData.Of(view) is not { } data)
            yield break;

        yield return ("score", Scores(data));
        yield return ("lineage", Tree(data));
        for (var i = 0; i < view.State.Spec.Hyperparameters.Definitions.Length; i++)
            yield return ($"hyperparameter-{i + 1}-{FileName(view.State.Spec.Hyperparameters.Definitions[i].Name)}", Values(data, i));
    }

    /// <summary>A line for each member, which goes on from the donor's point where it takes weights.</summary>
    private static string Scores(FigureData data)
    {
        var rows = data.View.Intervals.Rows;
        var scores = data.Completed.Select(row => rows[row].Score).ToList();
        var (low, high) = (scores.Min(), scores.Max());
        var margin = high > low ? (high - low) * 0.04 : 1;
        var figure = new Figure($"{data.View.State.Spec.Name}: score", StepsAxis(data), Axis.Linear(data.View.State.Spec.Objective.Metric, low - margin, high + margin));
        var strokes = NewStrokes();
        foreach (var row in data.Completed)
        {
            var to = figure.Place(data.Steps[row], rows[row].Score);
            var from = rows[row].Parent is >= 0 and var parent ? figure.Place(data.Steps[parent], rows[parent].Score) : to;
            strokes[data.BinOf(row)].Move(from).Line(to);
        }

        DrawAll(figure, strokes, width: 1.1);
        var best = new Strokes();
        foreach (var row in data.LineageOf(data.Best))
            Follow(best, figure.Place(data.Steps[row], rows[row].Score));

        figure.Draw(best, Figure.Accent, 2.4);
        return figure.ToString();
    }

    /// <summary>Each interval is a level stroke at the value that it was trained with; the line is the schedule in the best weights.</summary>
    private static string Values(FigureData data, int parameter)
    {
        var definition = data.View.State.Spec.Hyperparameters.Definitions[parameter];
        var figure = new Figure($"{data.View.State.Spec.Name}: {definition.Name}", StepsAxis(data), Axis.Of(definition));
        double ValueOf(int row) => Axis.NumberOf(definition, data.View.Sets.Sets[data.View.Intervals.Rows[row].Set].Values[parameter].Value);
        var strokes = NewStrokes();
        foreach (var row in data.Completed)
        {
            var value = ValueOf(row) + Spread(definition, data, row);
            strokes[data.BinOf(row)].Move(figure.Place(data.StepsBefore(row), value)).Line(figure.Place(data.Steps[row], value));
        }

        DrawAll(figure, strokes, width: 1.6);
        var best = new Strokes();
        foreach (var row in data.LineageOf(data.Best))
        {
            Follow(best, figure.Place(data.StepsBefore(row), ValueOf(row)));
            best.Line(figure.Place(data.Steps[row], ValueOf(row)));
        }

        figure.Draw(best, Figure.Accent, 1.6);
        return figure.ToString();
    }

    /// <summary>Where the weights of all members come from, from the initial members on the left to now.</summary>
    private static string Tree(FigureData data)
    {
        var view = data.View;
        var tree = LineageTree.Of(view.State);
        var layout = LineageLayout.Of(tree);
        var lanes = Math.Max(1, layout.Count);
        var figure = new Figure($"{view.State.Spec.Name}: lineage", StepsAxis(data), new Axis(string.Empty, lane => 1 - ((lane + 0.5) / lanes), []), Math.Max(240, 110 + (lanes * LaneHeight)));
        var strokes = NewStrokes();
        foreach (var node in tree.Nodes)
        {
            var row = view.Intervals.RowOf(node.Id);
            var (lane, to) = (layout.Lanes[node.Id], figure.Place(data.Steps[row], layout.Lanes[node.Id]));
            var from = node.Parent is { } parent ? figure.Place(data.StepsBefore(row), layout.Lanes[parent.Id]) : figure.Place(data.StepsBefore(row), lane);
            strokes[data.BinOf(row)].Move(from).Bend(from, to);
            if (node.Parent is null)
                figure.Label(data.StepsBefore(row), lane, node.Id.Member.ToString(), "end");

            if (node.Holders.Count > 0)
                figure.Label(data.Steps[row], lane, Holders(node), "start");
        }

        DrawAll(figure, strokes, width: 2);
        return figure.ToString();
    }

    private static string Holders(LineageNode node) =>
        node.Holders.Count <= 3 ? string.Join(' ', node.Holders) : $"{node.Holders[0]} {node.Holders[1]} +{node.Holders.Count - 2}";

    private static Axis StepsAxis(FigureData data) => Axis.Linear("trainer steps in the weights", Math.Min(0, data.Completed.Min(data.StepsBefore)), data.Completed.Max(row => data.Steps[row]));

    private static Strokes[] NewStrokes() => [.. Figure.Ramp.Select(static _ => new Strokes())];

    private static void DrawAll(Figure figure, Strokes[] strokes, double width)
    {
        for (var bin = 0; bin < strokes.Length; bin++)
            figure.Draw(strokes[bin], Figure.Ramp[bin], width);
    }

    private static void Follow(Strokes strokes, (double X, double Y) to)
    {
        if (strokes.IsEmpty)
            strokes.Move(to);

        strokes.Line(to);
    }

    /// <summary>Members with the same choice are set apart, so that each is seen.</summary>
    private static double Spread(Hyperparameter definition, FigureData data, int row) =>
        definition is FloatHyperparameter or IntHyperparameter || data.View.State.Members.Count < 2
            ? 0
            : 0.7 * (((double)data.View.Intervals.Rows[row].Member / (data.View.State.Members.Count - 1)) - 0.5);

    private static string FileName(string name) => new([.. name.Take(60).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-' ? c : '-')]);
}

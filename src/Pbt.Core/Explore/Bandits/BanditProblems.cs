using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Explore.Bandits;

/// <summary>Turns the history of a study into points of the unit cube.</summary>
/// <remarks>
/// A number lies where its prior's quantile function has it (<see cref="Hyperparameter.ToUnit"/>): a log scale is even in the
/// logarithm; an int or an ordinal has an equal part of [0, 1] for each value and lies in the middle of its part. What is
/// proposed goes back by <see cref="Hyperparameter.FromUnit"/>, so it is in its bounds whatever the position, and an int or an
/// ordinal is the value whose part the position falls in.
/// </remarks>
/// <param name="space">The search space.</param>
internal sealed class BanditProblems(SearchSpace space)
{
    /// <summary>Where the floats, ints and ordinals are in the space.</summary>
    public ImmutableArray<int> Numbers { get; } =
        [.. Enumerable.Range(0, space.Definitions.Length).Where(i => CategoryCount(space.Definitions[i]) == 0)];

    /// <summary>Where the categoricals and bools are in the space.</summary>
    public ImmutableArray<int> Choices { get; } =
        [.. Enumerable.Range(0, space.Definitions.Length).Where(i => CategoryCount(space.Definitions[i]) > 0)];

    /// <summary>The number of a categorical's or bool's values; 0 for a number.</summary>
    public static int CategoryCount(Hyperparameter definition) => definition switch
    {
        CategoricalHyperparameter categorical => categorical.Values.Length,
        BoolHyperparameter => 2,
        _ => 0,
    };

    /// <summary>Which of its values a categorical or bool has.</summary>
    public static int CategoryOf(Hyperparameter definition, HyperparameterValue value) =>
        (int)Unit.PartOf(definition.ToUnit(value), CategoryCount(definition));

    /// <summary>The value of a category.</summary>
    public static HyperparameterValue ValueOf(Hyperparameter definition, int category) =>
        definition.FromUnit(Unit.MiddleOf(category, CategoryCount(definition)));

    /// <summary>The problem of a history, or null if it has fewer than two rows or the score it begins with is unknown.</summary>
    /// <param name="history">The history.</param>
    /// <param name="categories">The category chosen for each of <see cref="Choices"/>; empty leaves categories out of the model.</param>
    public BanditProblem? Of(BanditHistory history, int[] categories)
    {
        if (history.Target is not { } target || history.Rows.Length < 2)
            return null;

        // Scores of any size are measured by the greatest, so that no difference or square overflows.
        var unit = Math.Abs(target.Before);
        foreach (var row in history.Rows)
            unit = Math.Max(unit, Math.Max(Math.Abs(row.Before), Math.Abs(row.After)));

        foreach (var row in history.Pending)
            unit = Math.Max(unit, Math.Abs(row.Before));

        unit = unit > 0 ? unit : 1;
        var gains = new double[history.Rows.Length];
        for (var i = 0; i < gains.Length; i++)
            gains[i] = ((history.Rows[i].After / unit) - (history.Rows[i].Before / unit)) / history.Rows[i].Length;

        return new(Points(history.Rows, unit, categories.Length), gains, Points(history.Pending, unit, categories.Length), target.Time, target.Before / unit, categories);
    }

    /// <summary>The hyperparameters at a position of the numbers, with these values of the others by their index.</summary>
    public Hyperparameters At(double[] position, IReadOnlyDictionary<int, HyperparameterValue> choices) => space.Build((index, definition) =>
        choices.TryGetValue(index, out var value) ? value : definition.FromUnit(position[Numbers.IndexOf(index)]));

    private BanditPoints Points(ImmutableArray<BanditRow> rows, double unit, int categories)
    {
        var points = new BanditPoints(rows.Length, Numbers.Length + 1, categories);
        for (var i = 0; i < rows.Length; i++)
        {
            points.Times[i] = rows[i].Time;
            var coordinates = points.Coordinates(i);
            coordinates[0] = rows[i].Before / unit;
            for (var j = 0; j < Numbers.Length; j++)
                coordinates[j + 1] = space.Definitions[Numbers[j]].ToUnit(rows[i].Hyperparameters[Numbers[j]].Value);

            for (var c = 0; c < categories; c++)
                points.Categories(i)[c] = CategoryOf(space.Definitions[Choices[c]], rows[i].Hyperparameters[Choices[c]].Value);
        }

        return points;
    }
}

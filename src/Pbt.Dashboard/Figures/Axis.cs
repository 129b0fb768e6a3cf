using System.Globalization;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Wording;

namespace Pbt.Dashboard.Figures;

/// <summary>One side of a figure: where a value is on it, and what is written beside it.</summary>
/// <param name="Label">What it measures.</param>
/// <param name="PartOf">Maps a value to 0 (the beginning) … 1 (the end).</param>
/// <param name="Ticks">Values with what is written at them.</param>
internal sealed record Axis(string Label, Func<double, double> PartOf, IReadOnlyList<(double Value, string Text)> Ticks)
{
    private const int Steps = 6;

    private static readonly int[] WholeDecades = [1];
    private static readonly int[] PartDecades = [1, 2, 5];

    /// <summary>A linear axis between two values.</summary>
    public static Axis Linear(string label, double low, double high)
    {
        var span = high > low ? high - low : 1;
        return new Axis(label, value => (value - low) / span, [.. Round(low, low + span).Select(static value => (value, Words.Score(value)))]);
    }

    /// <summary>A logarithmic axis between two values above 0.</summary>
    public static Axis Log(string label, double low, double high)
    {
        var (from, to) = (Math.Log10(low), Math.Log10(Math.Max(high, low * (1 + 1e-9))));
        return new Axis(label, value => (Math.Log10(value) - from) / (to - from), [.. Powers(low, high).Select(static value => (value, Words.Score(value)))]);
    }

    /// <summary>An axis on which 1 − value is logarithmic, and the value grows.</summary>
    public static Axis OneMinusLog(string label, double low, double high)
    {
        var rest = Log(label, 1 - high, 1 - low);
        return new Axis(label, value => 1 - rest.PartOf(1 - value), [.. rest.Ticks.Select(static tick => (1 - tick.Value, Words.Score(1 - tick.Value)))]);
    }

    /// <summary>An axis of names: 0, 1, … are their middles.</summary>
    public static Axis Names(string label, IReadOnlyList<string> names) =>
        new(label, value => (value + 0.5) / names.Count, [.. names.Select(static (name, i) => ((double)i, name))]);

    /// <summary>The axis of a hyperparameter's values, as <see cref="NumberOf"/> gives them.</summary>
    public static Axis Of(Hyperparameter definition) => definition switch
    {
        FloatHyperparameter e => Of(e.Name, e.Min, e.Max, e.Scale),
        IntHyperparameter e => Of(e.Name, e.Min, e.Max, e.Scale),
        OrdinalHyperparameter e => Names(e.Name, [.. e.Values.Select(Words.Value)]),
        CategoricalHyperparameter e => Names(e.Name, [.. e.Values.Select(Words.Value)]),
        _ => Names(definition.Name, ["false", "true"]),
    };

    /// <summary>A hyperparameter's value as a number on its axis.</summary>
    public static double NumberOf(Hyperparameter definition, HyperparameterValue value) => (definition, value.Kind) switch
    {
        (OrdinalHyperparameter e, _) => e.Values.IndexOf(value),
        (CategoricalHyperparameter e, _) => e.Values.IndexOf(value),
        (_, HyperparameterValueKind.Bool) => value.Truth ? 1 : 0,
        _ => value.Number,
    };

    private static Axis Of(string name, double min, double max, Scale scale) => scale switch
    {
        Scale.Log => Log(name, min, max),
        Scale.OneMinusLog => OneMinusLog(name, min, max),
        _ => Linear(name, min, max),
    };

    private static IEnumerable<double> Round(double low, double high)
    {
        var rough = (high - low) / Steps;
        var unit = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = unit * (rough / unit) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 };
        for (var i = Math.Ceiling(low / step); i * step <= high + (step * 1e-9); i++)
            yield return i == 0 ? 0 : double.Parse((i * step).ToString("G12", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static IEnumerable<double> Powers(double low, double high)
    {
        var isWide = high / low >= 100;
        for (var power = (int)Math.Floor(Math.Log10(low)); Math.Pow(10, power) <= high * (1 + 1e-9); power++)
        {
            foreach (var digit in isWide ? WholeDecades : PartDecades)
            {
                var value = double.Parse($"{digit}E{power}", CultureInfo.InvariantCulture);
                if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9))
                    yield return value;
            }
        }
    }
}

using System.Collections.Immutable;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Explore.Rules;

/// <summary>Steps between the values of an int or of a list.</summary>
internal static class Neighbours
{
    private static readonly ImmutableArray<HyperparameterValue> Bools = [HyperparameterValue.Of(false), HyperparameterValue.Of(true)];

    /// <summary>The value so many steps further, or at the end; a float stays.</summary>
    public static HyperparameterValue Step(Hyperparameter definition, HyperparameterValue value, int steps)
    {
        if (definition is IntHyperparameter whole)
            return HyperparameterValue.Of(Math.Clamp(value.Integer + steps, whole.Min, whole.Max));

        var values = Values(definition);
        return values.IsEmpty ? value : values[Math.Clamp(values.IndexOf(value) + steps, 0, values.Length - 1)];
    }

    /// <summary>One of the other values of a list, each as likely: one draw; the only value stays.</summary>
    public static HyperparameterValue Other(Hyperparameter definition, HyperparameterValue value, RandomStream random)
    {
        var values = Values(definition);
        var draw = random.NextInt(Math.Max(1, values.Length - 1));
        return values.Length < 2 ? value : values[draw >= values.IndexOf(value) ? draw + 1 : draw];
    }

    private static ImmutableArray<HyperparameterValue> Values(Hyperparameter definition) => definition switch
    {
        OrdinalHyperparameter ordinal => ordinal.Values,
        CategoricalHyperparameter categorical => categorical.Values,
        BoolHyperparameter => Bools,
        _ => [],
    };
}

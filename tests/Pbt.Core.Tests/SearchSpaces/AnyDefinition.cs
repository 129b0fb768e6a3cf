using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>Random definitions of hyperparameters, extreme ones among them.</summary>
internal static class AnyDefinition
{
    /// <summary>A float of any scale.</summary>
    public static Gen<Hyperparameter> Float { get; } = Gen.OneOf(
        Sorted(Signed(-1000, 1000)).Select(static b => (Hyperparameter)new FloatHyperparameter("h", b.Min, b.Max, Scale.Linear)),
        Sorted(Positive(-1074, 1023)).Select(static b => (Hyperparameter)new FloatHyperparameter("h", b.Min, b.Max, Scale.Log)),
        Sorted(Positive(-52, 100)).Select(static b => (Hyperparameter)new FloatHyperparameter("h", 1 - b.Max, 1 - b.Min, Scale.OneMinusLog)),
        Gen.Elements<Hyperparameter>(
            new FloatHyperparameter("h", 1e-5, 1e-2, Scale.Log),
            new FloatHyperparameter("h", 0, 0.1, Scale.Linear),
            new FloatHyperparameter("h", 0.9, 0.9999, Scale.OneMinusLog)));

    /// <summary>An int of either scale.</summary>
    public static Gen<Hyperparameter> Int { get; } = Gen.OneOf(
        Sorted(Signed(0, 53)).Select(static b => (Hyperparameter)new IntHyperparameter("h", Whole(b.Min), Whole(b.Max), Scale.Linear)),
        Sorted(Positive(0, 53)).Select(static b => (Hyperparameter)new IntHyperparameter("h", Whole(b.Min), Whole(b.Max), Scale.Log)),
        Gen.Elements<Hyperparameter>(
            new IntHyperparameter("h", 1, 10, Scale.Linear),
            new IntHyperparameter("h", 0, 3, Scale.Linear),
            new IntHyperparameter("h", -IntHyperparameter.Limit, IntHyperparameter.Limit, Scale.Linear),
            new IntHyperparameter("h", 1, IntHyperparameter.Limit, Scale.Log)));

    /// <summary>An ordinal, a categorical or a bool.</summary>
    public static Gen<Hyperparameter> Choice { get; } = Gen.OneOf(
        Gen.Choose(1, 9).Select(static n => (Hyperparameter)new OrdinalHyperparameter("h", Powers(n))),
        Gen.Choose(1, 9).Select(static n => (Hyperparameter)new CategoricalHyperparameter("h", Powers(n))),
        Gen.Constant<Hyperparameter>(new BoolHyperparameter("h")));

    /// <summary>Any definition.</summary>
    public static Gen<Hyperparameter> OfAnyType { get; } = Gen.OneOf(Float, Int, Choice);

    /// <summary>A seed.</summary>
    public static Gen<ulong> Seed { get; } = Gen.Choose(0, int.MaxValue).Select(static n => (ulong)n);

    private static ImmutableArray<HyperparameterValue> Powers(int count) =>
        [.. Enumerable.Range(0, count).Select(static i => HyperparameterValue.Of(1L << i))];

    private static long Whole(double number) => Math.Clamp((long)number, -IntHyperparameter.Limit, IntHyperparameter.Limit);

    private static Gen<double> Positive(int leastExponent, int greatestExponent) =>
        from exponent in Gen.Choose(leastExponent, greatestExponent)
        from mantissa in Gen.Choose(0, int.MaxValue)
        select Math.ScaleB(1 + (mantissa / (double)(1L << 31)), exponent);

    private static Gen<double> Signed(int leastExponent, int greatestExponent) =>
        from number in Positive(leastExponent, greatestExponent)
        from sign in Gen.Elements(-1.0, 0.0, 1.0, 1.0)
        select sign * number;

    private static Gen<(double Min, double Max)> Sorted(Gen<double> numbers) =>
        numbers.Two().Select(static pair => (Math.Min(pair.Item1, pair.Item2), Math.Max(pair.Item1, pair.Item2)));
}

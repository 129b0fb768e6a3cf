using FsCheck;
using FsCheck.Fluent;
using Pbt.Core.Randomness;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>What holds for every definition, every value and every move.</summary>
public sealed class HyperparameterPropertyTests
{
    private static readonly double[] Extremes =
    [
        0, -0.0, 0.5, 0.8, 1, 1.2, 2, -3, 1e-308, 1e308, -1e308, double.Epsilon, double.NaN, double.PositiveInfinity, double.NegativeInfinity,
    ];

    [Fact]
    public void No_chain_of_moves_leaves_the_bounds() => ForAll(AnyDefinition.OfAnyType, static (definition, random) =>
    {
        var value = definition.FromUnit(random.NextDouble());
        for (var i = 0; i < 50; i++)
        {
            value = Move(definition, value, random);
            if (!definition.Contains(value))
                return false;
        }

        return true;
    });

    [Fact]
    public void A_value_outside_the_bounds_comes_back_into_them() => ForAll(Gen.OneOf(AnyDefinition.Float, AnyDefinition.Int), static (definition, random) =>
    {
        foreach (var outside in Extremes.Where(double.IsFinite).Select(HyperparameterValue.Of).Append(HyperparameterValue.Of(long.MaxValue)))
        {
            var unit = definition.ToUnit(outside);
            if (!definition.Contains(Move(definition, outside, random)) || !(unit >= 0 && unit < 1))
                return false;
        }

        return true;
    });

    [Fact]
    public void Every_position_gives_a_value_in_the_bounds() => ForAll(AnyDefinition.OfAnyType, static (definition, random) =>
        Extremes.Append(Math.BitDecrement(1.0)).Append(random.NextDouble()).All(unit => definition.Contains(definition.FromUnit(unit))));

    [Fact]
    public void A_value_is_found_again_from_its_position() => ForAll(AnyDefinition.OfAnyType, static (definition, random) =>
    {
        var value = definition.FromUnit(random.NextDouble());
        var unit = definition.ToUnit(value);
        return unit >= 0 && unit < 1 && IsClose(definition, value, definition.FromUnit(unit));
    });

    [Fact]
    public void A_position_is_found_again_from_a_float_to_the_digits_it_has() => ForAll(AnyDefinition.Float, static (definition, random) =>
    {
        var unit = random.NextDouble();
        var next = definition.ToUnit(definition.FromUnit(unit));
        return definition.FromUnit(0) == definition.FromUnit(1) || IsClose(definition, definition.FromUnit(unit), definition.FromUnit(next));
    });

    [Fact]
    public void A_greater_position_gives_no_lesser_number() => ForAll(Gen.OneOf(AnyDefinition.Float, AnyDefinition.Int), static (definition, random) =>
    {
        var units = Enumerable.Range(0, 100).Select(_ => random.NextDouble()).Order().ToArray();
        var numbers = units.Select(unit => definition.FromUnit(unit).Number).ToArray();
        return numbers.Zip(numbers.Skip(1)).All(static pair => pair.First <= pair.Second);
    });

    [Fact]
    public void A_greater_number_has_no_lesser_position() => ForAll(Gen.OneOf(AnyDefinition.Float, AnyDefinition.Int), static (definition, random) =>
    {
        var values = Enumerable.Range(0, 100).Select(_ => definition.FromUnit(random.NextDouble())).OrderBy(static v => v.Number).ToArray();
        var units = values.Select(definition.ToUnit).ToArray();
        return units.Zip(units.Skip(1)).All(static pair => pair.First <= pair.Second);
    });

    [Fact]
    public void Factor_one_and_no_noise_change_nothing() => ForAll(AnyDefinition.OfAnyType, static (definition, random) =>
    {
        var value = definition.FromUnit(random.NextDouble());
        return definition.Perturb(value, 1, 0.01, random) == value
            && definition.AddNoise(value, 0, NoiseUnit.Scale, random) == value
            && definition.AddNoise(value, 0, NoiseUnit.Range, random) == value;
    });

    [Fact]
    public void A_move_takes_as_many_draws_whatever_it_is_given() => ForAll(AnyDefinition.OfAnyType, static (definition, random) =>
    {
        var (perturb, noise) = definition switch
        {
            IntHyperparameter => (1, 1),
            OrdinalHyperparameter => (0, 1),
            _ => (0, 0),
        };
        return Extremes.All(number =>
            DrawsOf(r => definition.Perturb(definition.FromUnit(random.NextDouble()), number, 0.01, r)) == perturb
            && DrawsOf(r => definition.AddNoise(definition.FromUnit(random.NextDouble()), number, NoiseUnit.Range, r)) == noise);
    });

    [Fact]
    public void A_number_at_its_only_value_stays_there() => ForAll(Gen.OneOf(AnyDefinition.Float, AnyDefinition.Int), static (definition, random) =>
    {
        var at = definition.FromUnit(random.NextDouble());
        Hyperparameter fixedOne = at.Kind == HyperparameterValueKind.Int
            ? new IntHyperparameter("h", at.Integer, at.Integer, Scale.Linear)
            : new FloatHyperparameter("h", at.Number, at.Number, Scale.Linear);
        return fixedOne.FromUnit(random.NextDouble()) == at && Move(fixedOne, at, random) == at && fixedOne.ToUnit(at) is >= 0 and < 1;
    });

    private static void ForAll(Gen<Hyperparameter> definitions, Func<Hyperparameter, RandomStream, bool> property) =>
        Prop.ForAll(
            (from definition in definitions from seed in AnyDefinition.Seed select (Definition: definition, Seed: seed)).ToArbitrary(),
            input => property(input.Definition, new RandomStream(input.Seed, 0, 0, RandomPurpose.Explore)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static HyperparameterValue Move(Hyperparameter definition, HyperparameterValue value, RandomStream random)
    {
        var number = random.NextBool(0.5) ? Extremes[random.NextInt(Extremes.Length)] : random.NextGaussian();
        var zeroStep = random.NextBool(0.2) ? Extremes[random.NextInt(Extremes.Length)] : 0.01;
        return random.NextInt(4) switch
        {
            0 => definition.FromUnit(number),
            1 => definition.AddNoise(value, number, NoiseUnit.Scale, random),
            2 => definition.AddNoise(value, number, NoiseUnit.Range, random),
            _ => definition.Perturb(value, number, zeroStep, random),
        };
    }

    private static int DrawsOf(Action<RandomStream> act)
    {
        var stream = new RandomStream(1, 0, 0, RandomPurpose.Explore);
        act(stream);
        var next = stream.NextUInt64();
        return Enumerable.Range(0, 10).First(i => new RandomStream(1, 0, 0, RandomPurpose.Explore, i).NextUInt64() == next);
    }

    // A position has 53 bits, and the coordinate of a log scale a rounding error that grows with the logarithm: 1e-12
    // covers both. What has few values must be found exactly.
    private static bool IsClose(Hyperparameter definition, HyperparameterValue expected, HyperparameterValue actual)
    {
        const double Relative = 1e-12;
        return definition switch
        {
            FloatHyperparameter { Scale: Scale.Linear } h =>
                Math.Abs(expected.Number - actual.Number) <= Relative * Math.Max(Math.Abs(h.Min), Math.Abs(h.Max)),
            FloatHyperparameter { Scale: Scale.OneMinusLog } =>
                Math.Abs(expected.Number - actual.Number) <= (Relative * (1 - expected.Number)) + 1e-15,
            FloatHyperparameter => Math.Abs(expected.Number - actual.Number) <= (Relative * expected.Number) + double.Epsilon,
            IntHyperparameter { Max: > 1L << 40 } h => Math.Abs(expected.Number - actual.Number) <= Relative * ((double)h.Max - Math.Min(0, h.Min)),
            IntHyperparameter { Min: < -(1L << 40) } h => Math.Abs(expected.Number - actual.Number) <= Relative * Math.Max(h.Max - h.Min, -(double)h.Min),
            _ => expected == actual,
        };
    }
}

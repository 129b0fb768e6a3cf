using System.Collections.Frozen;
using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Studies.Reading;

/// <summary>The hyperparameters that a spec declares, right or wrong.</summary>
/// <param name="Names">All names, so that a fault in one definition makes no placeholder unknown.</param>
/// <param name="Space">The search space; null when a definition is wrong.</param>
internal sealed record DeclaredSpace(ImmutableArray<string> Names, SearchSpace? Space)
{
    private readonly FrozenSet<string> _names = Names.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether a hyperparameter of this name is declared.</summary>
    public bool Has(string name) => _names.Contains(name);
}

/// <summary>Reads <c>hyperparameters</c>.</summary>
internal static class HyperparametersSection
{
    private const string Hint = "write hyperparameters: { learning_rate: { type: float, min: 1.0e-5, max: 1.0e-2, scale: log } }";

    private static readonly ImmutableArray<string> Types = ["float", "int", "ordinal", "categorical", "bool"];

    /// <summary>Reads the definitions, in the order of the file.</summary>
    public static DeclaredSpace Read(SectionReader root)
    {
        if (root.Required("hyperparameters", Hint)?.Entries("its keys are the names of hyperparameters") is not { } entries)
            return new([], null);

        var definitions = ImmutableArray.CreateBuilder<Hyperparameter>();
        foreach (var (name, at, value) in entries)
        {
            if (SpecNames.HyperparameterObjection(name) is { } objection)
                root.Errors.Add(at, value.Path, objection);

            if (Definition(name, value) is { } definition)
                definitions.Add(definition);
        }

        return new(
            [.. entries.Select(static e => e.Key)],
            definitions.Count == entries.Length ? new SearchSpace(definitions.ToImmutable()) : null);
    }

    /// <summary>Reads a value in its own kind: an integer, a float, a text or a bool.</summary>
    public static HyperparameterValue? AnyValue(SpecValue value)
    {
        switch (value.Scalar?.Kind)
        {
            case ScalarKind.Integer:
                return value.Integer(long.MinValue) is { } integer ? HyperparameterValue.Of(integer) : null;
            case ScalarKind.Number:
                return value.Number() is { } number ? HyperparameterValue.Of(number) : null;
            case ScalarKind.Bool:
                return HyperparameterValue.Of(value.Scalar.Text[0] is 't' or 'T');
            case ScalarKind.Text:
                return value.Text() is { } text ? HyperparameterValue.Of(text) : null;
            default:
                return value.Expected<HyperparameterValue?>("a number, a text, true or false", null);
        }
    }

    private static Hyperparameter? Definition(string name, SpecValue value)
    {
        if (value.Section(SpecSections.Hyperparameter) is not { } section)
            return null;

        if (section.Required("type", $"write one of {string.Join(", ", Types)}")?.Kind(Types, [], "type") is not { } type)
            return null;

        section.ReportForeign("type", type, Vocabulary.TypeKeys);
        Hyperparameter? definition = type switch
        {
            "float" => Float(name, section),
            "int" => Int(name, section),
            "ordinal" => Values(section) is { } ordered ? new OrdinalHyperparameter(name, ordered) : null,
            "categorical" => Values(section) is { } values ? new CategoricalHyperparameter(name, values) : null,
            _ => new BoolHyperparameter(name),
        };
        return definition is not null && section.Value("default") is { } given && ValueOf(definition, given, "; give a default within the definition, or widen it") is { } standard
            ? definition with { Default = standard }
            : definition;
    }

    /// <summary>Reads a value of a hyperparameter; one that it cannot have is reported.</summary>
    public static HyperparameterValue? ValueOf(Hyperparameter definition, SpecValue value, string hint = "")
    {
        if (AnyValue(value) is not { } read)
            return null;

        // 1 is written for 1.0 where only the float can be meant.
        if (!definition.Contains(read) && read.Kind == HyperparameterValueKind.Int && value.Number() is { } number)
            read = definition.Contains(HyperparameterValue.Of(number)) ? HyperparameterValue.Of(number) : read;

        if (definition.Contains(read))
            return read;

        value.Fail($"{value.Node.Describe()} is not {definition.Describe()}{hint}");
        return null;
    }

    private static FloatHyperparameter? Float(string name, SectionReader section)
    {
        var min = section.Required("min", "a float needs min and max")?.Number();
        var max = section.Required("max", "a float needs min and max")?.Number();
        if (!TryScale(section, out var scale) || min is null || max is null)
            return null;

        return FloatHyperparameter.Check(min.Value, max.Value, scale) is { } objection
            ? Object<FloatHyperparameter>(section, objection, min > max)
            : new FloatHyperparameter(name, min.Value, max.Value, scale) { InitialPrior = InitialFloat(name, section, min.Value, max.Value, scale) };
    }

    private static IntHyperparameter? Int(string name, SectionReader section)
    {
        var min = section.Required("min", "an int needs min and max")?.Integer(long.MinValue);
        var max = section.Required("max", "an int needs min and max")?.Integer(long.MinValue);
        if (!TryScale(section, out var scale) || min is null || max is null)
            return null;

        return IntHyperparameter.Check(min.Value, max.Value, scale) is { } objection
            ? Object<IntHyperparameter>(section, objection, min > max)
            : new IntHyperparameter(name, min.Value, max.Value, scale) { InitialPrior = InitialInt(name, section, min.Value, max.Value, scale) };
    }

    private static FloatHyperparameter? InitialFloat(string name, SectionReader section, double min, double max, Scale scale) =>
        InitialRange(section, static item => item.Number()) is var (low, high) && IsWithin(section, low, high, min, max)
            ? new(name, low, high, scale)
            : null;

    private static IntHyperparameter? InitialInt(string name, SectionReader section, long min, long max, Scale scale) =>
        InitialRange(section, static item => item.Integer(long.MinValue)) is var (low, high) && IsWithin(section, low, high, min, max)
            ? new(name, low, high, scale)
            : null;

    private static (T Low, T High)? InitialRange<T>(SectionReader section, Func<SpecValue, T?> read)
        where T : struct
    {
        const string Example = "initial_range: [0.01, 0.1]";
        if (section.Value("initial_range") is not { } value || value.List(Example) is not { } items)
            return null;

        if (items is [var low, var high])
            return read(low) is { } least && read(high) is { } greatest ? (least, greatest) : null;

        value.Fail($"an initial range has two values, the least and the greatest; write {Example}");
        return null;
    }

    private static bool IsWithin<T>(SectionReader section, T low, T high, T min, T max)
        where T : IComparable<T>
    {
        if (low.CompareTo(high) > 0)
            section.FailKey("initial_range", "its first value is above its second; swap them");
        else if (low.CompareTo(min) < 0 || high.CompareTo(max) > 0)
            section.FailKey("initial_range", "it is not within min and max; narrow it, or widen the bounds");
        else
            return true;

        return false;
    }

    private static bool TryScale(SectionReader section, out Scale scale)
    {
        scale = Scale.Linear;
        return section.Value("scale") is not { } value || value.Word(Vocabulary.Scale, "scale", out scale);
    }

    private static T? Object<T>(SectionReader section, string objection, bool swapped)
        where T : Hyperparameter
    {
        section.Fail(swapped ? $"{objection}; swap them" : $"{objection}; change the bounds or the scale");
        return null;
    }

    private static ImmutableArray<HyperparameterValue>? Values(SectionReader section)
    {
        const string Example = "values: [32, 64, 128]";
        if (section.Required("values", $"write {Example}") is not { } list || list.List(Example) is not { } items)
            return null;

        var seen = new HashSet<HyperparameterValue>();
        var values = ImmutableArray.CreateBuilder<HyperparameterValue>();
        foreach (var item in items)
        {
            if (AnyValue(item) is not { } value)
                continue;

            values.Add(value);
            if (!seen.Add(value))
                item.Fail($"the value {ScalarNode.Shorten(value.ToString())} is listed twice; remove one");
        }

        if (items.Length == 0)
            list.Fail($"there are no values; write {Example}");
        return values.Count == items.Length && OrdinalHyperparameter.Check(values.ToImmutable()) is null ? values.ToImmutable() : null;
    }
}

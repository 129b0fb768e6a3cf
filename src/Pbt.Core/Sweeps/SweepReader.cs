using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Sweeps;

/// <summary>Reads a sweep from YAML or JSON.</summary>
/// <remarks>Pure and thread-safe: nothing but the text is looked at. All errors are collected, up to 100.</remarks>
public static class SweepReader
{
    private const string StudiesExample = "studies: [ { spec: study.yaml, grid: { population: [8, 16] } } ]";
    private const string SetHint = "its keys are keys of the spec, dotted: set: { budget.intervals: 20 }";
    private const string GridHint = "its keys are keys of the spec, dotted, each with a list of values: grid: { population: [8, 16] }";
    private const string ListHint = "list: [ { explore.factors: [0.8, 1.2] }, { explore.factors: [0.5, 2.0] } ]";

    /// <summary>Reads a sweep; never throws for what the text holds.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">The name that errors show.</param>
    public static SweepResult Read(string text, string fileName)
    {
        var errors = new SpecErrors(fileName, "sweep");
        var sweep = SpecReader.Parse(text, errors) is { } root ? Read(new SpecValue(root, "", errors), fileName) : null;
        return sweep is not null && errors.None ? new SweepResult.Valid(sweep) : new SweepResult.Invalid(errors.InOrder());
    }

    private static Sweep? Read(SpecValue document, string fileName)
    {
        if (document.Section(SweepSections.Root) is not { } root)
            return null;

        var name = Name(root);
        var atOnce = root.Value("at_once")?.Int(1) ?? 1;
        var seeds = SweepSeeds.Read(root.Value("seeds"));
        var set = Settings(root.Value("set"), SetHint);
        CheckOrder(document.Errors, [set]);
        var items = root.Required("studies", $"write {StudiesExample}")?.List(StudiesExample);
        if (items is { Length: 0 })
            root.FailKey("studies", $"there are no studies; write {StudiesExample}");

        var entries = (items ?? []).Select(item => Entry(item, seeds)).OfType<SweepEntry>().ToImmutableArray();
        CheckSize(root, entries);
        return name is null ? null : new(fileName, name, atOnce, set, entries);
    }

    private static string? Name(SectionReader root)
    {
        var value = root.Required("name", "write a name for the sweep, such as name: ppo-sweep; its runs are kept in runs/NAME");
        var name = value?.Text();
        if (name is not null && SpecNames.StudyObjection(name) is { } objection)
            value!.Fail(objection.Replace("a study's name", "a sweep's name", StringComparison.Ordinal));

        return name;
    }

    private static SweepEntry? Entry(SpecValue item, ImmutableArray<ulong> seeds)
    {
        if (item.Section(SweepSections.Entry) is not { } section)
            return null;

        var spec = section.Required("spec", "write the path of a study's spec, from this file's folder: spec: study.yaml");
        var path = spec?.Text();
        if (path is { Length: 0 })
            spec!.Fail("the path is empty; write spec: study.yaml");

        var name = section.Value("name");
        var set = Settings(section.Value("set"), SetHint);
        var list = List(section);
        var grid = Grid(section);
        var own = SweepSeeds.Read(section.Value("seeds"));
        foreach (var settings in list)
            CheckOrder(item.Errors, [set, settings, [.. grid.Select(static d => d.Setting)]]);

        return path is null
            ? null
            : new(item.Node.At, path, spec!.Node.At, name is null ? null : Template(name), name?.Node.At ?? item.Node.At, set, list, grid, own.IsEmpty ? seeds : own);
    }

    private static ArgumentTemplate? Template(SpecValue name)
    {
        if (name.Text() is not { } text)
            return null;

        if (ArgumentTemplate.TryParse(text, out var objection) is { } template)
            return template;

        name.Fail($"'{ScalarNode.Shorten(text)}': {objection}");
        return null;
    }

    private static ImmutableArray<ImmutableArray<SweepSetting>> List(SectionReader section)
    {
        if (section.Value("list") is not { } value || value.List(ListHint) is not { } items)
            return [[]];

        if (items.Length == 0)
            value.Fail($"the list is empty; remove it, or write {ListHint}");

        return [.. items.Select(static item => Settings(item, "its keys are keys of the spec, dotted: - { explore.factors: [0.8, 1.2] }"))];
    }

    private static ImmutableArray<SweepDimension> Grid(SectionReader section)
    {
        if (section.Value("grid") is not { } value)
            return [];

        var settings = Settings(value, GridHint);
        if (value.Node is MappingNode && settings.IsEmpty && value.Errors.None)
            value.Fail("the grid is empty; remove it, or write grid: { population: [8, 16] }");

        var grid = ImmutableArray.CreateBuilder<SweepDimension>();
        foreach (var setting in settings)
        {
            var values = new SpecValue(setting.Value, SectionReader.Join(value.Path, setting.Key), value.Errors);
            if (values.List($"a list of values: {ScalarNode.Shorten(setting.Key)}: [{Example(setting.Value)}]") is not { } items)
                continue;

            if (items.Length == 0)
                values.Fail($"there are no values, so there would be no studies; remove the key, or write {ScalarNode.Shorten(setting.Key)}: [8, 16]");

            grid.Add(new(setting, [.. items.Select(static i => i.Node)]));
        }

        return grid.ToImmutable();
    }

    private static string Example(SpecNode value) => value is ScalarNode { Kind: not ScalarKind.Nothing } scalar ? ScalarNode.Shorten(scalar.Text) : "8, 16";

    private static ImmutableArray<SweepSetting> Settings(SpecValue? value, string hint)
    {
        var settings = ImmutableArray.CreateBuilder<SweepSetting>();
        foreach (var (key, at, given) in value?.Entries(hint) ?? [])
        {
            if (Objection(key) is { } objection)
                given.Errors.Add(at, given.Path, objection);
            else
                settings.Add(new(key, at, given.Node));
        }

        return settings.ToImmutable();
    }

    private static string? Objection(string key) => key switch
    {
        "seed" => "a study's seeds are given by seeds: write seeds: 1-5",
        "name" => "a study's name is given by name, beside spec: write name: \"{name}-pop{population}\", or leave it out",
        _ when key.Split('.').Any(string.IsNullOrWhiteSpace) => $"'{ScalarNode.Shorten(key)}' is no key of a spec; write budget.intervals for the intervals of the budget",
        _ => null,
    };

    /// <summary>Reports what a later layer would set again, as a whole: nothing would be left of the first, without a word.</summary>
    private static void CheckOrder(SpecErrors errors, ImmutableArray<SweepSetting>[] layers)
    {
        var settings = layers.SelectMany(static layer => layer).ToList();
        for (var later = 1; later < settings.Count; later++)
        {
            if (settings[..later].Find(s => s.IsLostTo(settings[later])) is { } lost && !errors.Has(settings[later].At))
                errors.Add(settings[later].At, settings[later].Key, string.Create(CultureInfo.InvariantCulture, $"{lost.Key}, set at line {lost.At.Line}, would be lost; keep one of the two"));
        }
    }

    private static void CheckSize(SectionReader root, ImmutableArray<SweepEntry> entries)
    {
        var runs = entries.Sum(static e => (double)e.Count * Math.Max(1, e.Seeds.Length));
        if (runs > Sweep.MostRuns)
            root.FailKey("studies", string.Create(CultureInfo.InvariantCulture, $"that makes {runs:#,0} runs, and a sweep has at most {Sweep.MostRuns:#,0}; use fewer values or seeds, or several sweeps"));
    }
}

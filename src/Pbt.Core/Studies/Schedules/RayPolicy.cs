using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Schedules;

/// <summary>Reads Ray Tune's <c>pbt_policy_*.txt</c> as its PopulationBasedTrainingReplay does.</summary>
/// <remarks>
/// One JSON array a line: <c>[target_tag, donor_tag, target_last_iter, donor_last_iter, donor_config, new_config]</c>. Rows
/// are followed from the last one backwards while the older row's target is the newer row's donor; the donor's config of the
/// earliest row is the first, and each row changes it after the donor's iteration. Nested configs get dotted names.
/// Source: Ray Tune, schedulers/pbt.py.
/// </remarks>
internal sealed class RayPolicy(SearchSpace space, long stepsPerIteration, SpecErrors errors)
{
    private const int Fields = 6;
    private readonly DeclaredSpace _declared = new([.. space.Definitions.Select(static d => d.Name)], space);
    private readonly Dictionary<string, string> _unused = new(StringComparer.Ordinal);

    /// <summary>Whether a text is one: it begins with a list whose first item is a text.</summary>
    public static bool IsOne(string text)
    {
        var start = text.AsSpan().TrimStart();
        return start.StartsWith("[") && start[1..].TrimStart().StartsWith("\"");
    }

    /// <summary>Reads the schedule, or returns null after recording at least one error.</summary>
    public RecordedSchedule? Read(string text)
    {
        var rows = Rows(text);
        if (!errors.None)
            return null;

        var kept = rows.Count - 1;
        while (kept > 0 && string.Equals(rows[kept - 1].Target, rows[kept].Donor, StringComparison.Ordinal))
            kept--;

        var changes = ImmutableArray.CreateBuilder<HyperparameterChange>();
        Add(changes, rows[kept].Line, 0, rows[kept].DonorConfig);
        for (var i = kept; i < rows.Count && !errors.Full; i++)
            Add(changes, rows[i].Line, rows[i].DonorIteration, rows[i].NewConfig);

        return errors.None ? new(changes.ToImmutable(), Steps: null, [.. _unused.Keys.Order(StringComparer.Ordinal)]) : null;
    }

    private void Add(ImmutableArray<HyperparameterChange>.Builder changes, int line, long iteration, ImmutableArray<MappingEntry> config)
    {
        var known = ImmutableArray.CreateBuilder<MappingEntry>();
        foreach (var entry in config)
        {
            if (_declared.Has(entry.Key))
                known.Add(entry with { Value = InKindOf(_declared.Definitions[entry.Key], entry.Value) });
            else
                NoteUnused(entry, isFirst: changes.Count == 0);
        }

        if (GivenHyperparameters.Read(new SpecValue(new MappingNode(new(line, 1), known.ToImmutable()), "", errors), _declared, "config") is not { } values)
            return;

        if (iteration > long.MaxValue / 2 / stepsPerIteration)
        {
            errors.Add(new(line, 1), "", $"iteration {iteration} of {stepsPerIteration} steps each is more than can be counted");
            return;
        }

        var step = iteration * stepsPerIteration;
        if (changes.Count > 0 && step < changes[^1].FromStep)
            errors.Add(new(line, 1), "", $"the change after iteration {iteration} comes before that of the row above");
        else if (changes.Count > 0 && step == changes[^1].FromStep)
            changes[^1] = new(step, values);
        else if (changes.Count == 0 || !changes[^1].Hyperparameters.Equals(values))
            changes.Add(new(step, values));
    }

    /// <summary>What is no hyperparameter of the study must at least not change: it would be lost from the schedule.</summary>
    private void NoteUnused(MappingEntry entry, bool isFirst)
    {
        var shown = Describe(entry.Value);
        if (isFirst)
            _unused[entry.Key] = shown;
        else if (!_unused.TryGetValue(entry.Key, out var first) || !string.Equals(first, shown, StringComparison.Ordinal))
            errors.Add(entry.KeyAt, ScalarNode.Shorten(entry.Key), $"changes along the schedule, but the spec has no such hyperparameter; {Nearest.Hint(entry.Key, _declared.Names)}");
    }

    private static string Describe(SpecNode node) =>
        node is ScalarNode scalar ? string.Create(CultureInfo.InvariantCulture, $"{scalar.Kind}:{scalar.Text}") : node.Describe();

    /// <summary>Ray writes 64.0 where a trainer takes 64.</summary>
    private static SpecNode InKindOf(Hyperparameter definition, SpecNode node)
    {
        if (definition is not IntHyperparameter || node is not ScalarNode { Kind: ScalarKind.Number } scalar)
            return node;

        var number = double.Parse(scalar.Text, CultureInfo.InvariantCulture);
        return Math.Abs(number) <= IntHyperparameter.Limit && number == Math.Floor(number)
            ? new ScalarNode(scalar.At, ((long)number).ToString(CultureInfo.InvariantCulture), quoted: false)
            : node;
    }

    private static ImmutableArray<MappingEntry> Flatten(JsonElement config, int line)
    {
        var entries = ImmutableArray.CreateBuilder<MappingEntry>();
        Flatten(config, string.Empty, new(line, 1), entries);
        return entries.ToImmutable();
    }

    private static void Flatten(JsonElement config, string prefix, SourcePosition at, ImmutableArray<MappingEntry>.Builder entries)
    {
        foreach (var property in config.EnumerateObject())
        {
            var name = prefix + property.Name;
            if (property.Value.ValueKind == JsonValueKind.Object)
                Flatten(property.Value, name + ".", at, entries);
            else
                entries.Add(new(name, at, new ScalarNode(at, TextOf(property.Value), property.Value.ValueKind is JsonValueKind.String or JsonValueKind.Array)));
        }
    }

    private static string TextOf(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private List<Row> Rows(string text)
    {
        List<Row> rows = [];
        var line = 0;
        foreach (var row in text.Split('\n'))
        {
            line++;
            if (errors.Full)
                break;

            if (!string.IsNullOrWhiteSpace(row) && Parse(row, line) is { } parsed)
                rows.Add(parsed);
        }

        return rows;
    }

    private Row? Parse(string text, int line)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            if (Parse(document.RootElement, line) is { } row)
                return row;

            errors.Add(new(line, 1), "", "the line is not [target tag, donor tag, target's iteration, donor's iteration, donor's config, new config]");
        }
        catch (JsonException error)
        {
            errors.Add(new(line, (int)Math.Min(int.MaxValue, (error.BytePositionInLine ?? 0) + 1)), "", "the line is no JSON: was the file cut, or edited?");
        }
        catch (Exception error) when (error is InvalidOperationException or ArgumentException)
        {
            errors.Add(new(line, 1), "", "the line has a text that is no Unicode: was the file edited?");
        }

        return null;
    }

    private static Row? Parse(JsonElement row, int line)
    {
        if (row.ValueKind != JsonValueKind.Array || row.GetArrayLength() != Fields)
            return null;

        return row[0].ValueKind == JsonValueKind.String && row[1].ValueKind == JsonValueKind.String &&
            row[3].ValueKind == JsonValueKind.Number && row[3].TryGetInt64(out var iteration) && iteration >= 0 &&
            row[4].ValueKind == JsonValueKind.Object && row[5].ValueKind == JsonValueKind.Object
            ? new(line, row[0].GetString()!, row[1].GetString()!, iteration, Flatten(row[4], line), Flatten(row[5], line))
            : null;
    }

    private sealed record Row(int Line, string Target, string Donor, long DonorIteration, ImmutableArray<MappingEntry> DonorConfig, ImmutableArray<MappingEntry> NewConfig);
}

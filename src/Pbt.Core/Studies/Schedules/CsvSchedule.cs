using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Schedules;

/// <summary>Reads a schedule in CSV: a line of names, and a row for each change.</summary>
/// <remarks>As RFC 4180 has it: fields may be quoted and then hold commas, line breaks and doubled quotes.</remarks>
internal sealed class CsvSchedule(SearchSpace space, SpecErrors errors)
{
    private const string FromStep = "from_step";
    private const string Steps = "steps";
    private static readonly ImmutableArray<string> ForPeople = ["member", "first_interval", "last_interval"];

    /// <summary>Whether a text is one: its first line has the name of its steps between commas.</summary>
    public static bool IsOne(string text)
    {
        var end = text.AsSpan().IndexOfAny('\r', '\n');
        var first = end < 0 ? text : text[..end];
        return first.Split(',').Contains(FromStep, StringComparer.Ordinal);
    }

    /// <summary>Reads the schedule, or returns null after recording at least one error.</summary>
    public RecordedSchedule? Read(string text)
    {
        var rows = Rows(text);
        var names = rows[0].Fields;
        CheckNames(names);
        if (rows.Count == 1)
            errors.Add(new(1, 1), "", "the schedule is empty: there is no row below the names");

        if (!errors.None)
            return null;

        var changes = ImmutableArray.CreateBuilder<HyperparameterChange>();
        var (before, last) = (-1L, (long?)null);
        foreach (var (line, fields) in rows.Skip(1))
        {
            if (errors.Full)
                return null;

            if (fields.Count != names.Count)
            {
                errors.Add(new(line, 1), "", $"the row has {fields.Count} fields, but there are {names.Count} names");
                continue;
            }

            var step = Whole(line, names, fields, FromStep);
            if (step is { } known && ScheduleSection.CheckOrder(known, before) is { } objection)
                errors.Add(new(line, 1), FromStep, objection);

            (before, last) = (step ?? before, names.Contains(Steps, StringComparer.Ordinal) ? Whole(line, names, fields, Steps) : null);
            var values = space.Definitions.Select(definition => Value(definition, fields[names.IndexOf(definition.Name)], line)).ToList();
            if (step is not null && values.TrueForAll(static v => v is not null))
                changes.Add(new(step.Value, space.Build((i, _) => values[i]!.Value)));
        }

        return errors.None ? new(changes.ToImmutable(), before + last, []) : null;
    }

    private void CheckNames(List<string> names)
    {
        foreach (var twice in names.GroupBy(static n => n, StringComparer.Ordinal).Where(static g => g.Count() > 1))
            errors.Add(new(1, 1), twice.Key, "two columns have this name");

        var known = space.Definitions.Select(static d => d.Name).ToList();
        var missing = known.Append(FromStep).Where(n => !names.Contains(n, StringComparer.Ordinal)).ToList();
        if (missing.Count > 0)
            errors.Add(new(1, 1), "", $"there is no column {Nearest.List(missing)}");

        foreach (var name in names)
        {
            if (name is not (FromStep or Steps) && !ForPeople.Contains(name, StringComparer.Ordinal) && !known.Contains(name, StringComparer.Ordinal))
                errors.Add(new(1, 1), ScalarNode.Shorten(name), $"there is no hyperparameter of this name; {Nearest.Hint(name, known)}");
        }
    }

    private long? Whole(int line, List<string> names, List<string> fields, string name)
    {
        var text = fields[names.IndexOf(name)];
        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;

        errors.Add(new(line, 1), name, $"expected a whole number, found '{ScalarNode.Shorten(text)}'");
        return null;
    }

    /// <summary>The value that a text stands for: CSV does not tell 1 from 1.0, but the definition does.</summary>
    private HyperparameterValue? Value(Hyperparameter definition, string text, int line)
    {
        List<HyperparameterValue> candidates = [HyperparameterValue.Of(text)];
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole))
            candidates.Add(HyperparameterValue.Of(whole));

        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number))
            candidates.Add(HyperparameterValue.Of(number));

        if (text is "true" or "false")
            candidates.Add(HyperparameterValue.Of(text is "true"));

        var found = candidates.Where(definition.Contains).ToList();
        if (found.Count == 1)
            return found[0];

        errors.Add(new(line, 1), definition.Name, found.Count == 0
            ? $"'{ScalarNode.Shorten(text)}' is not {definition.Describe()}"
            : $"'{ScalarNode.Shorten(text)}' may stand for several of {definition.Describe()}; use YAML or JSON");
        return null;
    }

    private List<(int Line, List<string> Fields)> Rows(string text)
    {
        List<(int, List<string>)> rows = [];
        List<string> fields = [];
        var field = new StringBuilder();
        var (line, rowLine, isQuoted) = (1, 1, false);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c == '\n')
                line++;

            if (isQuoted)
            {
                if (c != '"')
                    field.Append(c);
                else if (i + 1 < text.Length && text[i + 1] == '"')
                    field.Append(text[++i]);
                else
                    isQuoted = false;
            }
            else if (c == '"' && field.Length == 0)
            {
                isQuoted = true;
            }
            else if (c is ',' or '\n')
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                    (fields, rowLine) = (Close(rows, rowLine, fields), line);
            }
            else if (c != '\r')
            {
                field.Append(c);
            }
        }

        if (isQuoted)
            errors.Add(new(rowLine, 1), "", "a quoted field of this row has no end");

        fields.Add(field.ToString());
        Close(rows, rowLine, fields);
        return rows;
    }

    private static List<string> Close(List<(int Line, List<string> Fields)> rows, int line, List<string> fields)
    {
        if (fields is not [""])
            rows.Add((line, fields));

        return [];
    }
}

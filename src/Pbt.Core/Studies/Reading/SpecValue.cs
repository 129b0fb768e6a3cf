using System.Collections.Immutable;
using System.Globalization;

namespace Pbt.Core.Studies.Reading;

/// <summary>A node and its path, read as what the spec expects there.</summary>
/// <remarks>Each method returns null after recording why the node is not what was expected.</remarks>
internal sealed class SpecValue(SpecNode node, string path, SpecErrors errors)
{
    /// <summary>The node as written.</summary>
    public SpecNode Node { get; } = node;

    /// <summary>Where it stands in the document: <c>trainer.command[2]</c>.</summary>
    public string Path { get; } = path;

    /// <summary>Where errors go.</summary>
    public SpecErrors Errors { get; } = errors;

    /// <summary>The scalar, or null where this is none.</summary>
    public ScalarNode? Scalar => Node as ScalarNode;

    /// <summary>Records an error here.</summary>
    public void Fail(string message) => Errors.Add(Node.At, Path, message);

    /// <summary>An integer from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public long? Integer(long min, long max = long.MaxValue)
    {
        if (Scalar is not { Kind: ScalarKind.Integer } scalar)
            return Expected<long?>("an integer", WholeHint());

        if (!long.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < min || value > max)
            return OutsideWhole<long?>(scalar.Text, min, max is int.MaxValue or long.MaxValue, SpecNumber.Text(max));

        return value;
    }

    /// <summary>A 32-bit integer from <paramref name="min"/> to <paramref name="max"/>.</summary>
    public int? Int(int min, int max = int.MaxValue) => (int?)Integer(min, max);

    /// <summary>An unsigned integer.</summary>
    public ulong? Unsigned()
    {
        if (Scalar is not { Kind: ScalarKind.Integer } scalar)
            return Expected<ulong?>("an integer", WholeHint());

        return ulong.TryParse(scalar.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value
            : OutsideWhole<ulong?>(scalar.Text, 0, open: true, ulong.MaxValue.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>A finite number.</summary>
    public double? Number()
    {
        if (Scalar is not { Kind: ScalarKind.Integer or ScalarKind.Number } scalar)
            return Expected<double?>("a number", Scalar is { Kind: ScalarKind.NotFinite } ? "it has to be finite" : null);

        var value = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        if (double.IsFinite(value))
            return value;

        Fail($"{scalar.Describe()} is too large for a double");
        return null;
    }

    /// <summary>A number from <paramref name="min"/> to <paramref name="max"/>, both included.</summary>
    public double? Number(double min, double max) => Number() switch
    {
        null => null,
        { } value when value >= min && value <= max => value,
        _ => Outside<double?>(Scalar!.Text, SpecNumber.Plain(min), SpecNumber.Plain(max)),
    };

    /// <summary>A number above 0.</summary>
    public double? Positive()
    {
        if (Number() is not { } value)
            return null;

        if (value > 0)
            return value;

        Fail($"{Scalar!.Text} is not above 0");
        return null;
    }

    /// <summary>A number that is 0 or above.</summary>
    public double? NotNegative()
    {
        if (Number() is not { } value)
            return null;

        if (value >= 0)
            return value;

        Fail($"{Scalar!.Text} is below 0");
        return null;
    }

    /// <summary>True or false.</summary>
    public bool? Truth() => Scalar is { Kind: ScalarKind.Bool } scalar
        ? bool.Parse(scalar.Text)
        : Expected<bool?>("true or false", null);

    /// <summary>A text.</summary>
    public string? Text()
    {
        if (Scalar is not { } scalar || scalar.Kind == ScalarKind.Nothing)
            return Expected<string?>("a text", null);

        return scalar.Kind == ScalarKind.Text ? WithoutNul(scalar.Text) : Expected<string?>("a text", $"quote it: \"{scalar.Text}\"");
    }

    /// <summary>The text of any scalar as it is written; numbers need no quotes.</summary>
    public string? Source()
    {
        if (Scalar is { Kind: not ScalarKind.Nothing } scalar)
            return WithoutNul(scalar.Text);

        var placeholder = Node is MappingNode { Entries: [{ Value: ScalarNode { Kind: ScalarKind.Nothing } } only] }
            ? $"quote a placeholder: \"{{{only.Key}}}\""
            : null;
        return Expected<string?>("a text", placeholder ?? (Node is ScalarNode ? "quote an empty text: \"\"" : null));
    }

    /// <summary>A path, made absolute.</summary>
    public string? AbsolutePath(string directory)
    {
        if (Text() is not { } text)
            return null;

        if (text.Length > 0)
            return System.IO.Path.GetFullPath(text, directory);

        Fail("the path is empty; write . for the folder of the spec");
        return null;
    }

    /// <summary>A path, made absolute, or an address in an S3-compatible store, as it is.</summary>
    public string? PathOrAddress(string directory) =>
        Node is ScalarNode && Scalar is { Kind: ScalarKind.Text, Text: var text } && CheckpointStoreSpec.IsAddress(text) ? WithoutNul(text) : AbsolutePath(directory);

    /// <summary>A duration from <paramref name="min"/> to <paramref name="max"/>; by default anything above 0.</summary>
    public TimeSpan? Duration(TimeSpan? min = null, TimeSpan? max = null)
    {
        if (Scalar is not { Kind: not (ScalarKind.Nothing or ScalarKind.Bool) } scalar)
            return Expected<TimeSpan?>("a duration", SpecDuration.Examples);

        if (SpecDuration.Parse(scalar.Text) is not { } value)
            return Expected<TimeSpan?>("a duration", SpecDuration.Examples);

        if ((min is null && value <= TimeSpan.Zero) || value < min || value > max)
            return OutsideDuration(scalar.Text, min, max);

        return value;
    }

    /// <summary>One of some words.</summary>
    public T? OneOf<T>(Choice<T> choice, string what)
        where T : struct => Word(choice, what, out var value) ? value : null;

    /// <summary>One of some words.</summary>
    public bool Word<T>(Choice<T> choice, string what, out T value)
        where T : notnull
    {
        value = default!;
        if (Text() is not { } word)
            return false;

        if (choice.TryFind(word, out value))
            return true;

        Fail($"there is no {what} '{ScalarNode.Shorten(word)}'; {Nearest.Hint(word, choice.Words)}");
        return false;
    }

    /// <summary>One of some words that name a kind of thing; those that are still to come have their own message.</summary>
    /// <param name="supported">The words, in the order shown.</param>
    /// <param name="toCome">Words of later versions.</param>
    /// <param name="what">What the words name: <c>strategy</c>.</param>
    /// <param name="meanwhile">What to do instead of a word to come; the supported words where null.</param>
    public string? Kind(IReadOnlyCollection<string> supported, IReadOnlyCollection<string> toCome, string what, string? meanwhile = null)
    {
        if (Text() is not { } word)
            return null;

        if (supported.Contains(word, StringComparer.Ordinal))
            return word;

        Fail(toCome.Contains(word, StringComparer.Ordinal)
            ? $"the {what} '{word}' is not supported in this version; {meanwhile ?? $"supported: {string.Join(", ", supported)}"}"
            : $"there is no {what} '{ScalarNode.Shorten(word)}'; {Nearest.Hint(word, [.. supported, .. toCome])}");
        return null;
    }

    /// <summary>A list.</summary>
    public ImmutableArray<SpecValue>? List(string example)
    {
        if (Node is not ListNode list)
            return Expected<ImmutableArray<SpecValue>?>("a list", $"write {example}");

        return [.. list.Items.Select((item, i) => new SpecValue(item, string.Create(CultureInfo.InvariantCulture, $"{Path}[{i}]"), Errors))];
    }

    /// <summary>A mapping with the known keys of a section.</summary>
    public SectionReader? Section(SpecSection section, bool reportUnknown = true)
    {
        if (Node is not MappingNode mapping)
            return Expected<SectionReader?>("a mapping", $"its keys: {string.Join(", ", section.Keys)}");

        var reader = new SectionReader(mapping, section, Path, Errors);
        if (reportUnknown)
            reader.ReportUnknown();
        return reader;
    }

    /// <summary>A mapping with keys of the user's choice; those given twice are reported and dropped.</summary>
    public ImmutableArray<KeyedValue>? Entries(string what)
    {
        if (Node is not MappingNode mapping)
            return Expected<ImmutableArray<KeyedValue>?>("a mapping", what);

        var kept = ImmutableArray.CreateBuilder<KeyedValue>();
        var first = new Dictionary<string, SourcePosition>(StringComparer.Ordinal);
        foreach (var entry in mapping.Entries)
        {
            var keyPath = SectionReader.Join(Path, entry.Key);
            if (first.TryAdd(entry.Key, entry.KeyAt))
                kept.Add(new(entry.Key, entry.KeyAt, new(entry.Value, keyPath, Errors)));
            else
                Errors.Add(entry.KeyAt, keyPath, SectionReader.Twice(entry.Key, first[entry.Key]));
        }

        return kept.ToImmutable();
    }

    /// <summary>Records that something else was expected here.</summary>
    public T? Expected<T>(string what, string? hint)
    {
        var found = $"expected {what}, found {Node.Describe()}";
        Fail(hint is null ? found : $"{found}; {hint}");
        return default;
    }

    // Where the greatest is only the type's, the least is what the user wants to know.
    private T? OutsideWhole<T>(string found, long min, bool open, string max)
    {
        if (!open)
            return Outside<T>(found, SpecNumber.Text(min), max);

        var shown = ScalarNode.Shorten(found);
        var tooLarge = !found.StartsWith('-') && (!long.TryParse(found, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value >= min);
        Fail(tooLarge ? $"{shown} is above {max}" : $"{shown} is below {min}");
        return default;
    }

    private TimeSpan? OutsideDuration(string found, TimeSpan? min, TimeSpan? max)
    {
        if (min is { } low && max is { } high)
            return Outside<TimeSpan?>(found, SpecDuration.Text(low), SpecDuration.Text(high));

        Fail($"{ScalarNode.Shorten(found)} is not above 0");
        return null;
    }

    private T? Outside<T>(string found, string min, string max)
    {
        Fail($"{ScalarNode.Shorten(found)} is outside {min} … {max}");
        return default;
    }

    private string? WithoutNul(string text)
    {
        if (!text.Contains('\0', StringComparison.Ordinal))
            return text;

        Fail("the text holds a NUL character, which no program can be given");
        return null;
    }

    private string? WholeHint()
    {
        if (Scalar is not { Kind: ScalarKind.Number } scalar)
            return null;

        var number = double.Parse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture);
        return Math.Abs(number) < 1e15 && number == Math.Floor(number)
            ? string.Create(CultureInfo.InvariantCulture, $"write {(long)number}")
            : null;
    }
}

/// <summary>A value under a key of the user's choice.</summary>
internal readonly record struct KeyedValue(string Key, SourcePosition KeyAt, SpecValue Value);

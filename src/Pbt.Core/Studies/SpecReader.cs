using System.Text;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>Reads a study's spec from YAML or JSON.</summary>
/// <remarks>
/// Pure and thread-safe: nothing but the text is looked at. All errors are collected, up to 100. JSON is read as the
/// subset of YAML that it is, so that what <see cref="SpecWriter"/> writes is read back by the same checks.
/// </remarks>
public static class SpecReader
{
    /// <summary>The largest spec, in bytes of UTF-8: 1 MiB.</summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>The deepest nesting of lists and mappings.</summary>
    public const int MaxDepth = 64;

    /// <summary>Reads a spec; never throws for what the text holds.</summary>
    /// <param name="text">YAML or JSON.</param>
    /// <param name="fileName">The name that errors show.</param>
    /// <param name="specDirectory">The absolute folder that relative paths in the spec are relative to.</param>
    /// <exception cref="ArgumentException">The folder is not absolute.</exception>
    public static SpecResult Read(string text, string fileName, string specDirectory)
    {
        if (!Path.IsPathFullyQualified(specDirectory))
            throw new ArgumentException($"'{specDirectory}' is not an absolute path.", nameof(specDirectory));

        var errors = new SpecErrors(fileName);
        var spec = Parse(text, errors) is { } root ? StudySection.Read(new SpecValue(root, "", errors), specDirectory) : null;
        return spec is not null && errors.None ? new SpecResult.Valid(spec) : new SpecResult.Invalid(errors.InOrder());
    }

    /// <summary>Parses the text, or returns null with at least one error recorded.</summary>
    internal static SpecNode? Parse(string text, SpecErrors errors)
    {
        var start = new SourcePosition(1, 1);
        if (text.Length > MaxBytes || Encoding.UTF8.GetByteCount(text) > MaxBytes)
        {
            errors.Add(start, "", $"the {errors.What} is larger than 1 MiB; move data out of it, into files that the trainer reads");
            return null;
        }

        if (FirstUnreadable(text) is { } at)
        {
            errors.Add(at, "", "a character that no text file holds (a NUL, or half of a surrogate pair); is this a YAML file?");
            return null;
        }

        var content = text.StartsWith('\uFEFF') ? text[1..] : text;
        return JsonNodes.TryParse(content) ?? YamlNodes.Parse(content, errors);
    }

    private static SourcePosition? FirstUnreadable(string text)
    {
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n')
                (line, lineStart) = (line + 1, i + 1);
            else if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
                i++;
            else if (text[i] == '\0' || char.IsSurrogate(text[i]))
                return new(line, i - lineStart + 1);
        }

        return null;
    }
}

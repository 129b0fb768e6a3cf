using System.CommandLine;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Cli.Output;
using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>Makes specs from others by <c>--set KEY=VALUE</c>.</summary>
internal static class SpecSettings
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The option; it may be given several times.</summary>
    public static Option<string[]> Option() => new("--set")
    {
        Description = "Set a key of the spec, dotted, to a value in YAML: --set explore.factors='[0.5, 2.0]'. May be given several times.",
        HelpName = "KEY=VALUE",
    };

    /// <summary>The keys and values.</summary>
    /// <param name="given">What the option was given.</param>
    /// <param name="reserved">Sections that cannot be set, each with the reason as a clause.</param>
    /// <exception cref="InvalidRequestException">One is no key and value, or its section cannot be set.</exception>
    public static List<KeyValuePair<string, string>> Parse(string[] given, IReadOnlyList<(string Section, string Reason)> reserved)
    {
        var settings = new List<KeyValuePair<string, string>>();
        foreach (var text in given)
        {
            var end = text.IndexOf('=', StringComparison.Ordinal);
            if (end <= 0)
                throw new InvalidRequestException($"--set {Words.OneLine(text)} is no KEY=VALUE, such as --set budget.intervals=80");

            var key = text[..end].Trim();
            foreach (var (section, reason) in reserved)
            {
                if (new SpecChange(key, Old: null, New: null).IsIn(section))
                    throw new InvalidRequestException($"--set {Words.OneLine(key)}: {reason}");
            }

            settings.Add(new(key, text[(end + 1)..]));
        }

        return settings;
    }

    /// <summary>The spec with some keys set.</summary>
    /// <exception cref="InvalidRequestException">The result is no valid spec: the message lists every error.</exception>
    public static StudySpec Set(StudySpec spec, IReadOnlyList<KeyValuePair<string, string>> settings) =>
        SpecEdit.Set(spec, settings, Environment.CurrentDirectory) switch
        {
            SpecResult.Valid valid => valid.Spec,
            SpecResult.Invalid invalid => throw Invalid("that makes no valid spec", invalid),
            _ => throw new NotSupportedException(),
        };

    /// <summary>The spec with its text, in JSON for people, checked as one that a user gives.</summary>
    /// <exception cref="InvalidRequestException">It is no valid spec: the message lists every error.</exception>
    public static SpecFile.Contents Write(StudySpec spec)
    {
        using var document = JsonDocument.Parse(SpecWriter.ToJson(spec));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
            document.WriteTo(writer);

        var text = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
        return SpecReader.Read(text, "study.yaml", "/") switch
        {
            SpecResult.Valid valid => new(valid.Spec, text),
            SpecResult.Invalid invalid => throw Invalid("the new study has no valid spec", invalid),
            _ => throw new NotSupportedException(),
        };
    }

    private static InvalidRequestException Invalid(string what, SpecResult.Invalid invalid) =>
        new($"{what}:{Environment.NewLine}{string.Join(Environment.NewLine, invalid.Errors.Select(static e => e.Path.Length == 0 ? e.Message : $"{e.Path}: {e.Message}"))}");
}

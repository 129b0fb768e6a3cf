using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Pbt.Core.Studies;

namespace Pbt.Runtime.Studies;

/// <summary>Reads a spec from a file, and writes one for people.</summary>
public static class SpecFile
{
    private static readonly JsonWriterOptions Readable = new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The spec and its text.</summary>
    /// <param name="Spec">What it says.</param>
    /// <param name="Text">As it is in the file.</param>
    public sealed record Contents(StudySpec Spec, string Text);

    /// <summary>The text of a spec, but not much more than a spec may have: the reader then says so.</summary>
    public static string ReadText(string path)
    {
        // A pipe, as of a shell's <(…), is as good as a file: so its length is not asked for.
        using var reader = new StreamReader(path);
        var text = new char[SpecReader.MaxBytes + 1];
        return new string(text, 0, reader.ReadBlock(text));
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="InvalidRequestException">It cannot be read, or is no spec: the message lists every error.</exception>
    public static Contents Read(string path)
    {
        if (Directory.Exists(path))
            throw new InvalidRequestException($"{path} is a directory; name the spec in it, such as {Path.Combine(path, "study.yaml")}");

        if (!File.Exists(path))
            throw new InvalidRequestException($"there is no file {path}; `pbt init {path}` writes one to start from");

        var text = ReadText(path);
        return SpecReader.Read(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!) switch
        {
            SpecResult.Valid valid => new Contents(valid.Spec, text),
            SpecResult.Invalid invalid => throw new InvalidRequestException(
                $"{path} is no valid spec:{Environment.NewLine}{string.Join(Environment.NewLine, invalid.Errors)}"),
            _ => throw new NotSupportedException(),
        };
    }

    /// <summary>The spec with its text, in JSON for people, checked as one that a user gives.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="objection">What is wrong if it is no valid one, as the beginning of a message.</param>
    /// <exception cref="InvalidRequestException">It is no valid spec: the message lists every error.</exception>
    public static Contents Write(StudySpec spec, string objection)
    {
        using var document = JsonDocument.Parse(SpecWriter.ToJson(spec));
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Readable))
            document.WriteTo(writer);

        var text = Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
        return SpecReader.Read(text, "study.yaml", "/") switch
        {
            SpecResult.Valid valid => new(valid.Spec, text),
            SpecResult.Invalid invalid => throw Invalid(objection, invalid),
            _ => throw new NotSupportedException(),
        };
    }

    /// <summary>The error of what was meant to be a spec and was never in a file: its errors by their keys.</summary>
    public static InvalidRequestException Invalid(string objection, SpecResult.Invalid invalid) =>
        new($"{objection}:{Environment.NewLine}{string.Join(Environment.NewLine, invalid.Errors.Select(static e => e.Path.Length == 0 ? e.Message : $"{e.Path}: {e.Message}"))}");
}

using Pbt.Core.Studies;

namespace Pbt.Cli;

/// <summary>Reads a spec from a file.</summary>
internal static class SpecFile
{
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
}

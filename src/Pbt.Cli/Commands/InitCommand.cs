using System.CommandLine;
using System.Text;
using Pbt.Core.Studies;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt init</c>: writes a commented spec to begin with.</summary>
internal static class InitCommand
{
    private const string DefaultFile = "study.yaml";
    private const string DefaultName = "my-study";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("FILE") { Description = "The file to write.", DefaultValueFactory = static _ => DefaultFile };
        var command = new Command("init", "Write a commented spec to begin with.") { file };
        return command.Does(async (parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            await WriteNewAsync(path, StudyTemplate.Text(NameFor(path)));
            await services.Out.WriteLineAsync($"wrote {path}: say in it what trains and what may vary, then `pbt validate {path}` and `pbt run {path}`");
            return ExitCode.Done;
        });
    }

    /// <summary>The study's name: the file's, or its folder's if the file is simply called study.</summary>
    private static string NameFor(string path)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(path)));
        foreach (var name in (string?[])[stem is "study" ? null : stem, folder])
        {
            if (name is not null && IsName(name))
                return name;
        }

        return DefaultName;
    }

    private static bool IsName(string name)
    {
        try
        {
            _ = StudyTemplate.Text(name);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static async Task WriteNewAsync(string path, string text)
    {
        if (File.Exists(path) || Directory.Exists(path))
            throw new InvalidRequestException($"{path} exists already and is not overwritten: name another file");

        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new InvalidRequestException($"there is no directory {folder} to write {Path.GetFileName(path)} into");

        // Fails if another process made the file meanwhile.
        await using var written = new FileStream(path, FileMode.CreateNew, FileAccess.Write);
        await written.WriteAsync(Encoding.UTF8.GetBytes(text));
    }
}

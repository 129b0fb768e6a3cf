using Pbt.Core.Studies;

namespace Pbt.Cli.Exports;

/// <summary>A new folder that becomes visible only as a whole.</summary>
internal static class ExportFolder
{
    /// <summary>Lets a function fill a folder and then gives it its name.</summary>
    /// <exception cref="InvalidRequestException">Something of that name is there.</exception>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static async Task WriteAsync(string path, Func<string, Task> fill)
    {
        var full = Path.TrimEndingDirectorySeparator(Path.GetFullPath(path));
        if (Path.Exists(full))
            throw new InvalidRequestException($"{path} exists already and is not overwritten: name another folder with -o");

        var partial = FormattableString.Invariant($"{full}.partial-{Environment.ProcessId}");
        Directory.CreateDirectory(partial);
        try
        {
            await fill(partial);
            Directory.Move(partial, full);
        }
        catch
        {
            Directory.Delete(partial, recursive: true);
            throw;
        }
    }
}

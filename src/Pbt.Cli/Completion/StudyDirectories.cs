using System.CommandLine;
using Pbt.Storage;

namespace Pbt.Cli.Completion;

/// <summary>Completes the directories of studies.</summary>
internal static class StudyDirectories
{
    private const int Depth = 3;
    private const int MostLookedAt = 2_000;

    private static readonly EnumerationOptions Visible = new() { IgnoreInaccessible = true, AttributesToSkip = FileAttributes.Hidden | FileAttributes.System };

    /// <summary>Lets a shell complete the argument with the studies that are near.</summary>
    public static Argument<T> CompletedByStudies<T>(this Argument<T> argument)
    {
        argument.CompletionSources.Add(static context => Like(context.WordToComplete));
        return argument;
    }

    /// <summary>The studies whose paths begin with this text: in the folder that it names, and up to three folders below.</summary>
    public static IEnumerable<string> Like(string text)
    {
        var folder = text[..(text.LastIndexOf('/') + 1)];
        var found = new List<string>();
        var level = new List<string> { folder };
        var lookedAt = 0;
        for (var depth = 0; depth < Depth; depth++)
        {
            var next = new List<string>();
            foreach (var path in level.SelectMany(Below).Where(path => path.StartsWith(text, StringComparison.Ordinal)))
            {
                if (++lookedAt > MostLookedAt)
                    return found;

                if (new StudyDirectory(path).HasStudy)
                    found.Add(path);
                else
                    next.Add(path + '/');
            }

            level = next;
        }

        return found;
    }

    private static IEnumerable<string> Below(string folder)
    {
        var path = folder.Length == 0 ? "." : folder;
        return Directory.Exists(path) ? Directory.EnumerateDirectories(path, "*", Visible).Select(child => folder + Path.GetFileName(child)).Order(StringComparer.Ordinal) : [];
    }
}

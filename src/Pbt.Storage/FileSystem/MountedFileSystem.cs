using System.Globalization;
using System.Text;

namespace Pbt.Storage.FileSystem;

/// <summary>What Linux says of the file system that a file is on: one line of <c>/proc/self/mountinfo</c>.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">Its type, such as <c>ext4</c> or <c>nfs4</c>.</param>
/// <param name="Source">What is mounted there.</param>
/// <param name="Options">The mount's and the file system's options.</param>
internal sealed record MountedFileSystem(string Point, string Type, string Source, IReadOnlySet<string> Options)
{
    private const int FirstOptional = 6;

    /// <summary>The file system of an open file, or null where that cannot be told.</summary>
    public static MountedFileSystem? Of(int descriptor)
    {
        if (!OperatingSystem.IsLinux())
            return null;

        try
        {
            var status = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/self/fdinfo/{descriptor}"));
            return MountId(status) is { } id ? Find(File.ReadAllText("/proc/self/mountinfo"), id) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // No /proc: nothing can be said.
            return null;
        }
    }

    /// <summary>The number of an open file's mount in the text of its <c>fdinfo</c>.</summary>
    public static int? MountId(string descriptorStatus)
    {
        const string Key = "mnt_id:";
        foreach (var line in descriptorStatus.Split('\n'))
        {
            if (line.StartsWith(Key, StringComparison.Ordinal) && int.TryParse(line.AsSpan(Key.Length), CultureInfo.InvariantCulture, out var id))
                return id;
        }

        return null;
    }

    /// <summary>The mount of a number in the text of <c>mountinfo</c>.</summary>
    public static MountedFileSystem? Find(string mountInfo, int id)
    {
        var number = id.ToString(CultureInfo.InvariantCulture);
        foreach (var line in mountInfo.Split('\n'))
        {
            // ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS
            var words = line.Split(' ');
            var dash = Array.IndexOf(words, "-", Math.Min(FirstOptional, words.Length));
            if (string.Equals(words[0], number, StringComparison.Ordinal) && dash > 0 && words.Length > dash + 3)
            {
                var options = words[FirstOptional - 1].Split(',').Concat(words[dash + 3].Split(','));
                return new(Unescape(words[FirstOptional - 2]), words[dash + 1], Unescape(words[dash + 2]), options.ToHashSet(StringComparer.Ordinal));
            }
        }

        return null;
    }

    /// <summary>Puts back the spaces, tabs, newlines and backslashes that stand there as three octal digits.</summary>
    private static string Unescape(string word)
    {
        const int Digits = 3;
        if (!word.Contains('\\', StringComparison.Ordinal))
            return word;

        var text = new StringBuilder(word.Length);
        for (var i = 0; i < word.Length; i++)
        {
            var isEscape = word[i] == '\\' && i + Digits < word.Length && word.AsSpan(i + 1, Digits).IndexOfAnyExceptInRange('0', '7') < 0;
            text.Append(isEscape ? (char)Convert.ToInt32(word.Substring(i + 1, Digits), fromBase: 8) : word[i]);
            i += isEscape ? Digits : 0;
        }

        return text.ToString();
    }
}

using System.Globalization;
using System.Text;

namespace Pbt.Storage.FileSystem;

/// <summary>What Linux says of the file system that a file is on: one line of <c>/proc/self/mountinfo</c>.</summary>
/// <remarks>Immutable.</remarks>
/// <param name="Point">Where it is mounted.</param>
/// <param name="Type">Its type, such as <c>ext4</c> or <c>nfs4</c>.</param>
/// <param name="Source">What is mounted there.</param>
/// <param name="Options">The mount's and the file system's options.</param>
/// <param name="Twin">Where the same is mounted once more with caches and locks of its own, or null if it is not.</param>
internal sealed record MountedFileSystem(string Point, string Type, string Source, IReadOnlySet<string> Options, string? Twin)
{
    private const int Device = 2;
    private const int PointWord = 4;
    private const int MountOptions = 5;
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
        var mounts = mountInfo.Split('\n').Select(static line => line.Split(' ')).Where(static words => Dash(words) > 0).ToList();
        if (mounts.Find(words => string.Equals(words[0], number, StringComparison.Ordinal)) is not { } found)
            return null;

        var (type, source, options) = Of(found);
        var twin = mounts.Find(words => !string.Equals(words[Device], found[Device], StringComparison.Ordinal)
            && Of(words) is var other && string.Equals(other.Source, source, StringComparison.Ordinal) && string.Equals(other.Type, type, StringComparison.Ordinal));
        return new(
            Unescape(found[PointWord]),
            type,
            Unescape(source),
            found[MountOptions].Split(',').Concat(options.Split(',')).ToHashSet(StringComparer.Ordinal),
            twin is null ? null : Unescape(twin[PointWord]));
    }

    // ID PARENT MAJOR:MINOR ROOT POINT OPTIONS [TAG...] - TYPE SOURCE OPTIONS
    private static (string Type, string Source, string Options) Of(string[] words)
    {
        var dash = Dash(words);
        return (words[dash + 1], words[dash + 2], words[dash + 3]);
    }

    /// <summary>Where the dash is, or -1 if the line is no mount.</summary>
    private static int Dash(string[] words)
    {
        var dash = Array.IndexOf(words, "-", Math.Min(FirstOptional, words.Length));
        return dash > 0 && words.Length > dash + 3 ? dash : -1;
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

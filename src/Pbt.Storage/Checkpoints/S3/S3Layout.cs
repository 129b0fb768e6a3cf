using System.Globalization;
using System.Text;
using Pbt.Core.Population;
using Pbt.Core.Studies;

namespace Pbt.Storage.Checkpoints.S3;

/// <summary>The names of a study's objects: <c>PREFIX/NAME-20261121T093000.1234567Z/checkpoints/m0003/i000007-a000123/FILE</c>.</summary>
/// <remarks>Immutable. The moment at which the study was created tells studies of one name apart.</remarks>
internal sealed class S3Layout(CheckpointStoreSpec store, string study, DateTimeOffset created)
{
    /// <summary>The longest name that an object may have, in bytes.</summary>
    public const int LongestKey = 1024;

    private const string Plain = "._-/";

    /// <summary>What the names of all of the study's checkpoints begin with.</summary>
    public string Root { get; } = string.Concat(
        store.Prefix,
        store.Prefix.Length > 0 ? "/" : string.Empty,
        Escape(study).Replace("/", "%2F", StringComparison.Ordinal),
        created.ToUniversalTime().ToString("'-'yyyyMMdd'T'HHmmss'.'fffffff'Z/checkpoints/'", CultureInfo.InvariantCulture));

    /// <summary>What the names of a checkpoint's files begin with.</summary>
    public string PrefixOf(CheckpointId id) => $"{Root}{id}/";

    /// <summary>The name of a checkpoint's manifest.</summary>
    public string ManifestOf(CheckpointId id) => PrefixOf(id) + CheckpointManifest.FileName;

    /// <summary>The name of a file below a prefix; what is no letter, digit or one of <c>._-</c> is percent-encoded.</summary>
    public static string KeyOf(string prefix, string path) => prefix + Escape(path);

    /// <summary>Whose file an object is; null if it is no checkpoint's.</summary>
    public (CheckpointId Id, string Name)? Parse(string key)
    {
        if (!key.StartsWith(Root, StringComparison.Ordinal))
            return null;

        var parts = key[Root.Length..].Split('/', 3);
        return parts.Length == 3 && DirectoryCheckpointStore.Parse(parts[0], parts[1]) is { IsPublished: true, Id: var id } ? (id, parts[2]) : null;
    }

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var value in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)value) || Plain.Contains((char)value, StringComparison.Ordinal))
                escaped.Append((char)value);
            else
                escaped.Append(CultureInfo.InvariantCulture, $"%{value:X2}");
        }

        return escaped.ToString();
    }
}

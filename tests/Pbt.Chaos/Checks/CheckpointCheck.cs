using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Pbt.Chaos.Checks;

/// <summary>The checkpoints on the disk against the journal and against what must have been trained.</summary>
internal static class CheckpointCheck
{
    private const string Manifest = ".pbt-manifest.json";

    /// <summary>Checks every published checkpoint that counts, and that those that are needed are there.</summary>
    /// <param name="checkpoints">Where they are.</param>
    /// <param name="history">The journal.</param>
    /// <param name="lineages">What must have been trained.</param>
    /// <param name="spoilt">Those that the adversary damaged.</param>
    public static IEnumerable<Violation> Of(string checkpoints, History history, Lineages lineages, IReadOnlyDictionary<CheckpointName, long> spoilt)
    {
        foreach (var needed in history.Needed().Where(name => !spoilt.ContainsKey(name) && !Directory.Exists(Path.Combine(checkpoints, name.ToString()))))
            yield return new Violation(Invariant.Checkpoints, $"{needed} is missing");

        foreach (var interval in history.Produced.Keys.Where(name => !spoilt.ContainsKey(name)))
        {
            var path = Path.Combine(checkpoints, interval.ToString());
            if (!Directory.Exists(path))
                continue;

            foreach (var violation in OfManifest(path, interval).Concat(OfContent(path, interval, lineages)))
                yield return violation;
        }
    }

    /// <summary>After <c>pbt gc</c> there is nothing but what is needed: no staged or half deleted directory, no scratch.</summary>
    public static IEnumerable<Violation> Leftovers(string study, History history)
    {
        // What is damaged stays, for people to look at; what moves up among the best then is not followed.
        var mayStay = history.Damaged.Count > 0 ? history.Produced.Keys : history.Needed();
        var needed = mayStay.Select(static name => name.ToString()).ToHashSet(StringComparer.Ordinal);
        var checkpoints = Path.Combine(study, "checkpoints");
        foreach (var member in Entries(checkpoints))
        {
            foreach (var found in Entries(member).Select(path => Path.GetRelativePath(checkpoints, path)).Where(name => !needed.Contains(name)))
                yield return new Violation(Invariant.Leftovers, $"checkpoints/{found}");
        }

        foreach (var scratch in Entries(Path.Combine(study, "attempts")))
            yield return new Violation(Invariant.Leftovers, $"attempts/{Path.GetFileName(scratch)}");
    }

    private static string[] Entries(string directory) => Directory.Exists(directory) ? Directory.GetFileSystemEntries(directory) : [];

    private static IEnumerable<Violation> OfManifest(string path, CheckpointName name)
    {
        var listed = new SortedDictionary<string, string>(StringComparer.Ordinal);
        if (ReadManifest(Path.Combine(path, Manifest)) is not { } manifest)
        {
            yield return new Violation(Invariant.Manifest, $"{name} has no manifest that can be read");
            yield break;
        }

        foreach (var file in manifest.GetProperty("files").EnumerateArray())
            listed[file.GetProperty("path").GetString()!] = string.Create(CultureInfo.InvariantCulture, $"{file.GetProperty("size").GetInt64()} {file.GetProperty("sha256").GetString()}");

        var there = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (file, bytes) in Files(path).Where(static f => f.Name != Manifest))
            there[file] = string.Create(CultureInfo.InvariantCulture, $"{bytes.Length} {Convert.ToHexStringLower(SHA256.HashData(bytes))}");

        foreach (var file in listed.Keys.Union(there.Keys, StringComparer.Ordinal))
        {
            var (expected, found) = (listed.GetValueOrDefault(file, "absent"), there.GetValueOrDefault(file, "absent"));
            if (expected != found)
                yield return new Violation(Invariant.Manifest, $"{name}/{file}: the manifest says {expected}, found {found}");
        }
    }

    private static IEnumerable<Violation> OfContent(string path, CheckpointName name, Lineages lineages)
    {
        var expected = lineages.Of(name).Files();
        var found = Files(path).Where(static f => f.Name != Manifest).ToDictionary(static f => f.Name, static f => Encoding.UTF8.GetString(f.Bytes), StringComparer.Ordinal);
        foreach (var file in expected.Keys.Union(found.Keys, StringComparer.Ordinal))
        {
            if (expected.GetValueOrDefault(file) != found.GetValueOrDefault(file))
                yield return new Violation(Invariant.Content, $"{name}/{file} is not what its lineage leads to");
        }
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Files(string path) =>
        Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Select(file => (Path.GetRelativePath(path, file), File.ReadAllBytes(file)));

    private static JsonElement? ReadManifest(string path)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(path));
            return json.RootElement.Clone();
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }
}

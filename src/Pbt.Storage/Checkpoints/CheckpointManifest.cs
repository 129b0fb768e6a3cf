using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Pbt.Storage.Checkpoints;

/// <summary>What a checkpoint consists of.</summary>
/// <param name="Files">Its files, by path in ordinal order.</param>
/// <param name="Links">Its symbolic links, by path in ordinal order; they point inside the checkpoint.</param>
public sealed record CheckpointManifest(ImmutableArray<CheckpointFile> Files, ImmutableArray<CheckpointLink> Links)
{
    /// <summary>The manifest's own name in the checkpoint's directory; a trainer must not use it.</summary>
    public const string FileName = ".pbt-manifest.json";

    /// <summary>Its directories that have nothing in them, by path in ordinal order, with slashes; null if there are none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public ImmutableArray<string>? EmptyDirectories { get; init; }

    /// <summary>No manifest is longer.</summary>
    public const int MaxBytes = 64 << 20;

    /// <summary>The manifest as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.CheckpointManifest);

    /// <summary>Reads a manifest, or null if it is none.</summary>
    public static CheckpointManifest? Read(ReadOnlySpan<byte> json)
    {
        try
        {
            // An annotation does not keep null out of an array.
            return JsonSerializer.Deserialize(json, ManifestJson.Default.CheckpointManifest) is { Files.IsDefault: false, Links.IsDefault: false } manifest
                && !manifest.Files.Contains(null!) && !manifest.Links.Contains(null!) && manifest.EmptyDirectories?.Contains(null!, StringComparer.Ordinal) != true
                ? manifest
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>One file of a checkpoint.</summary>
/// <param name="Path">Relative to the checkpoint, with slashes.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Sha256">Its digest in lower-case hexadecimal.</param>
public sealed record CheckpointFile(string Path, long Size, string Sha256);

/// <summary>One symbolic link of a checkpoint.</summary>
/// <param name="Path">Relative to the checkpoint, with slashes.</param>
/// <param name="Target">As it stands in the link: relative.</param>
public sealed record CheckpointLink(string Path, string Target);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    RespectRequiredConstructorParameters = true,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CheckpointManifest))]
internal sealed partial class ManifestJson : JsonSerializerContext;

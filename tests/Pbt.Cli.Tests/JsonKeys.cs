using System.Text.Json.Nodes;

namespace Pbt.Cli.Tests;

/// <summary>What keys a JSON object has.</summary>
internal static class JsonKeys
{
    public static IEnumerable<string> Of(JsonNode? node) => node!.AsObject().Select(static p => p.Key);

    /// <summary>Fails unless the object has these keys; it may have more.</summary>
    public static void AssertHas(JsonNode? node, params string[] keys) => Assert.Empty(keys.Except(Of(node), StringComparer.Ordinal));
}

using System.Text.Json;
using System.Text.RegularExpressions;

namespace Pbt.Docs.Tests.References;

/// <summary>Writes JSON as the YAML that specs are written in.</summary>
internal static partial class FlowYaml
{
    private const int Width = 150;

    /// <summary>A value on one line.</summary>
    public static string Flow(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any() ? $"{{ {string.Join(", ", value.EnumerateObject().Select(static p => $"{Key(p.Name)}: {Flow(p.Value)}"))} }}" : "{}",
        JsonValueKind.Array => $"[{string.Join(", ", value.EnumerateArray().Select(Flow))}]",
        JsonValueKind.String when Plain().IsMatch(value.GetString()!) && value.GetString() is not ("true" or "false" or "null") => value.GetString()!,
        _ => value.GetRawText(),
    };

    /// <summary>The keys of an object, a line each.</summary>
    public static string Lines(JsonElement value) => string.Concat(value.EnumerateObject().Select(static p => Section(p.Name, p.Value)));

    /// <summary>A key and its value: on one line where it fits.</summary>
    public static string Section(string name, JsonElement value)
    {
        var line = $"{name}: {Flow(value)}\n";
        return line.Length <= Width || value.ValueKind is not JsonValueKind.Object
            ? line
            : $"{name}:\n{string.Concat(value.EnumerateObject().Select(static p => $"  {Key(p.Name)}: {Flow(p.Value)}\n"))}";
    }

    private static string Key(string name) => Plain().IsMatch(name) ? name : JsonSerializer.Serialize(name);

    [GeneratedRegex("^([A-Za-z_./][A-Za-z0-9_./+-]*( [A-Za-z0-9_./+-]+)*|[0-9]+[a-z]+)$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex Plain();
}

using System.Text.Json;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies.Writing;

/// <summary>Writes <c>on</c> and <c>hook_timeout</c>; nothing where there are no hooks.</summary>
internal static class HookWriter
{
    /// <summary>Writes the hooks.</summary>
    public static void Write(Utf8JsonWriter json, HooksSpec hooks)
    {
        if (hooks.IsEmpty)
            return;

        json.WriteStartObject("on");
        foreach (var (kind, command) in hooks.Commands)
            ProgramWriter.WriteCommand(json, command, Vocabulary.Hook.WordFor(kind));

        json.WriteEndObject();
        json.WriteOptional("hook_timeout", hooks.Timeout);
    }
}

using Pbt.Core.Studies;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Hooks;

/// <summary>The words of the kinds of hooks.</summary>
public static class HookWords
{
    /// <summary>The kind as the spec and the JSON have it.</summary>
    public static string Of(HookKind kind) => Vocabulary.Hook.WordFor(kind);
}

using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>on</c> and <c>hook_timeout</c>.</summary>
internal static class HookSection
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(1);

    /// <summary>Reads the user's programs that are run when something happens.</summary>
    public static HooksSpec Read(SectionReader root)
    {
        var timeout = root.Value("hook_timeout")?.Duration(ShortestTimeout, LongestTimeout);
        var commands = ImmutableSortedDictionary.CreateBuilder<HookKind, ImmutableArray<CommandArgument>>();
        if (root.Value("on")?.Section(SpecSections.On) is { } section)
        {
            foreach (var word in SpecSections.On.Keys)
            {
                if (section.Value(word) is { } command && CommandSection.Arguments(command, ArgumentTemplate.HookBuiltins) is { } arguments && Vocabulary.Hook.TryFind(word, out var kind))
                    commands[kind] = arguments;
            }
        }

        if (root.Has("hook_timeout") && !root.Has("on"))
            root.FailKey("hook_timeout", "there are no hooks that it could limit; remove it, or write on: { finished: [notify-send, \"{words}\"] }");

        return new() { Commands = commands.ToImmutable(), Timeout = timeout ?? HooksSpec.None.Timeout };
    }
}

using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads what <c>trainer</c> and <c>evaluate</c> share: the command line and where the score is found.</summary>
internal static class CommandSection
{
    private const string Example = "command: [python3, train.py, --lr, \"{learning_rate}\"]";

    private static readonly TimeSpan CompileTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Reads the program and its arguments, or returns null after recording why not.</summary>
    public static ImmutableArray<CommandArgument>? Arguments(SpecValue value, DeclaredSpace space) =>
        Arguments(value, (part, text) => CheckPlaceholders(part, text, space));

    /// <summary>Reads a program that knows these placeholders and no hyperparameters.</summary>
    public static ImmutableArray<CommandArgument>? Arguments(SpecValue value, ImmutableArray<string> builtins) =>
        Arguments(value, (part, text) => CheckPlaceholders(part, text, builtins));

    /// <summary>Reads a program whose texts somebody else checks.</summary>
    public static ImmutableArray<CommandArgument>? Arguments(SpecValue value, Action<SpecValue, string> check)
    {
        if (value.Node is ScalarNode { Kind: ScalarKind.Text })
        {
            value.Fail($"expected a list, found {value.Node.Describe()}; no shell splits it, so write each argument by itself: {Example}");
            return null;
        }

        if (value.List(Example) is not { } items)
            return null;

        var arguments = items.Select(i => Argument(i, check)).ToList();
        if (items.Length == 0)
            value.Fail($"the command is empty; write {Example}");
        else if (arguments[0] is { Droppable: true })
            items[0].Fail("the program itself cannot be in a group that may be dropped; write it as a text");
        else if (arguments[0] is { Parts: [""] })
            items[0].Fail("the program has no name");

        return arguments.Contains(null) ? null : [.. arguments.Select(static a => a!)];
    }

    /// <summary>Reports braces that do not match, and placeholders that nothing fills.</summary>
    public static void CheckPlaceholders(SpecValue value, string text, DeclaredSpace space)
    {
        if (ArgumentTemplate.TryParse(text, out var objection) is not { } template)
        {
            value.Fail($"'{ScalarNode.Shorten(text)}': {objection}");
            return;
        }

        foreach (var name in template.Placeholders)
        {
            if (value.Errors.Full)
                return;

            if (ArgumentTemplate.Builtins.Contains(name, StringComparer.Ordinal) || space.Has(name))
                continue;

            var nearest = Nearest.To(name, [.. space.Names, .. ArgumentTemplate.Builtins]) is { } near ? $"did you mean {{{near}}}? " : "";
            var declared = space.Names.Length == 0 ? "none" : Nearest.List(space.Names);
            value.Fail($"{{{ScalarNode.Shorten(name)}}} names no hyperparameter and nothing built in; {nearest}hyperparameters: {declared}; "
                + $"built in: {string.Join(", ", ArgumentTemplate.Builtins)}; write {{{{ and }}}} for literal braces");
        }
    }

    /// <summary>Reports placeholders in a text of a trainer that is started before it is known what it trains.</summary>
    public static void CheckConstant(SpecValue value, string text, DeclaredSpace space)
    {
        if (ArgumentTemplate.TryParse(text, out var objection) is not { } template)
            value.Fail($"'{ScalarNode.Shorten(text)}': {objection}");
        else if (template.Placeholders.FirstOrDefault() is { } name)
            value.Fail($"{{{ScalarNode.Shorten(name)}}} is not known yet when a session's trainer starts, once for many intervals: it is told {(space.Has(name) ? "hyperparameters" : "what to train")} as each interval starts (docs/protocol.md); remove it, and write {{{{ and }}}} for literal braces");
    }

    private static void CheckPlaceholders(SpecValue value, string text, ImmutableArray<string> builtins)
    {
        if (ArgumentTemplate.TryParse(text, out var objection) is not { } template)
            value.Fail($"'{ScalarNode.Shorten(text)}': {objection}");
        else if (template.Placeholders.FirstOrDefault(name => !builtins.Contains(name, StringComparer.Ordinal)) is { } unknown)
            value.Fail($"{{{ScalarNode.Shorten(unknown)}}} is nothing that this program is told; there are {string.Join(", ", builtins.Select(static b => $"{{{b}}}"))}; write {{{{ and }}}} for literal braces");
    }

    /// <summary>Reads where the score is found.</summary>
    public static ScoreSource Score(SpecValue? value, SpecSection keys)
    {
        var standard = new ResultScore();
        if (value?.Section(keys) is not { } section)
            return standard;

        if (section.Has("from") == section.Has("regex"))
            section.Fail("write either from: result_file, from: last_json_line or regex: 'return ([-0-9.e+]+)'");

        var from = section.Value("from") is { } word && word.Word(Vocabulary.ScoreFrom, "source of a score", out var source) ? source : standard;
        return section.Value("regex") is { } pattern && pattern.Text() is { } text ? Regex(pattern, text) : from;
    }

    private static CommandArgument? Argument(SpecValue value, Action<SpecValue, string> check)
    {
        var droppable = value.Node is ListNode;
        ImmutableArray<SpecValue> parts = droppable ? value.List(Example)!.Value : [value];
        if (parts.Length == 0)
            value.Fail("the group has no arguments; remove it");

        var texts = ImmutableArray.CreateBuilder<string>(parts.Length);
        foreach (var part in parts)
        {
            if (part.Source() is not { } text)
                continue;

            check(part, text);
            texts.Add(text);
        }

        return texts.Count == parts.Length && texts.Count > 0
            ? new(texts.MoveToImmutable(), droppable, value.Node.At.Line, value.Node.At.Column)
            : null;
    }

    private static RegexScore Regex(SpecValue value, string pattern)
    {
        try
        {
            if (new Regex(pattern, RegexOptions.CultureInvariant, CompileTimeout).GetGroupNumbers().Length < 2)
                value.Fail("the regular expression has no group; put the number in parentheses, such as 'return ([-0-9.e+]+)'");
        }
        catch (ArgumentException damaged)
        {
            value.Fail($"the regular expression does not compile: {ScalarNode.Shorten(damaged.Message.TrimEnd('.'), most: 300)}");
        }

        return new(pattern);
    }
}

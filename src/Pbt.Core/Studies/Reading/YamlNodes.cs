using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Pbt.Core.Studies.Reading;

/// <summary>Parses YAML into nodes.</summary>
/// <remarks>
/// A single document of plain and quoted scalars, lists and mappings. Anchors, aliases, merge keys and tags are errors:
/// a spec has no use for them, and without them its size bounds the work of reading it.
/// </remarks>
internal sealed class YamlNodes
{
    private readonly SpecErrors _errors;
    private readonly Parser _parser;
    private SourcePosition _last = new(1, 1);

    private YamlNodes(string text, SpecErrors errors)
    {
        _errors = errors;
        _parser = new Parser(new Scanner(new StringReader(text), skipComments: true));
    }

    /// <summary>Parses the text, or returns null with at least one error recorded.</summary>
    public static SpecNode? Parse(string text, SpecErrors errors)
    {
        var nodes = new YamlNodes(text, errors);
        try
        {
            var root = nodes.ReadDocument();
            return errors.None ? root : null;
        }
        catch (YamlException damaged)
        {
            errors.Add(Position(damaged.Start), "", Explain(damaged.Message));
            return null;
        }
        catch (Exception bug) when (bug is InvalidOperationException or ArgumentException or IndexOutOfRangeException or FormatException or OverflowException)
        {
            // YamlDotNet 16.3 trips over some malformed texts, such as a plain scalar cut by an odd character.
            errors.Add(nodes._last, "", "the YAML is not well formed at or after this place; quote texts with special characters");
            return null;
        }
    }

    private static SourcePosition Position(Mark mark) =>
        new(Math.Max(1, (int)mark.Line), Math.Max(1, (int)mark.Column));

    private static string Explain(string message)
    {
        const string Prefix = "the YAML is not well formed: ";
        if (message.Contains(" tab", StringComparison.Ordinal))
            return Prefix + "a tab where only spaces may indent; replace the tabs by spaces";

        if (message.Contains("cannot start any token", StringComparison.Ordinal))
            return Prefix + "a character that cannot begin a value here (a tab, @, ` or %); indent by spaces, and quote a text that begins with it";

        if (message.Contains("invalid mapping", StringComparison.Ordinal))
            return Prefix + "a second ': ' in one value, or a line indented too far; quote a text that holds ': '";

        return Prefix + char.ToLowerInvariant(message[0]) + message[1..].TrimEnd('.');
    }

    private SpecNode? ReadDocument()
    {
        Next<StreamStart>();
        if (Advance() is not DocumentStart)
        {
            _errors.Add(new(1, 1), "", $"the {_errors.What} is empty{(_errors.What is "spec" ? "; `pbt init` writes one to start from" : string.Empty)}");
            return null;
        }

        Advance();
        var root = ReadNode(depth: 1);
        Next<DocumentEnd>();
        if (root is not null && Advance() is DocumentStart second)
            _errors.Add(Position(second.Start), "", $"a second document begins here; a {_errors.What} is one document, so remove the line '---' or what follows it");

        return root;
    }

    // On entry the current event begins the node; on a normal return it is the last of the node. Null after an error that
    // leaves the reader inside the node: nothing more is read then.
    private SpecNode? ReadNode(int depth)
    {
        var current = _parser.Current;
        var at = _last;
        if (depth > SpecReader.MaxDepth)
            return Fail(at, $"the {_errors.What} is nested more than {SpecReader.MaxDepth} levels deep");

        if (current is AnchorAlias alias)
            return Fail(at, $"the alias *{alias.Value} is not supported; write the value out");

        // The parser may end a mapping after a key, or the stream within a list.
        if (current is not NodeEvent node)
            return Fail(at, "the YAML is not well formed: a value is missing before this place");

        if (!node.Anchor.IsEmpty)
            return Fail(at, $"the anchor &{node.Anchor.Value} is not supported; remove it and write the value out where it is needed");

        if (!node.Tag.IsEmpty)
            return Fail(at, "tags such as !!str are not supported; quote the value to make it a text");

        return current switch
        {
            Scalar scalar => new ScalarNode(at, scalar.Value, scalar.Style != ScalarStyle.Plain),
            SequenceStart => ReadList(at, depth),
            _ => ReadMapping(at, depth),
        };
    }

    private ListNode? ReadList(SourcePosition at, int depth)
    {
        var items = ImmutableArray.CreateBuilder<SpecNode>();
        while (Advance() is not SequenceEnd)
        {
            if (ReadNode(depth + 1) is not { } item)
                return null;

            items.Add(item);
        }

        return new(at, items.ToImmutable());
    }

    private MappingNode? ReadMapping(SourcePosition at, int depth)
    {
        var entries = ImmutableArray.CreateBuilder<MappingEntry>();
        while (Advance() is not MappingEnd)
        {
            var keyAt = _last;
            if (ReadNode(depth + 1) is not { } key)
                return null;

            if (key is not ScalarNode { Text: var name })
                return Fail<MappingNode>(keyAt, $"{key.Describe()} stands where a key is expected; a key is a text");

            if (name is "<<")
                return Fail<MappingNode>(keyAt, "the merge key << is not supported; write the keys out");

            Advance();
            if (ReadNode(depth + 1) is not { } value)
                return null;

            entries.Add(new(name, keyAt, value));
        }

        return new(at, entries.ToImmutable());
    }

    private SpecNode? Fail(SourcePosition at, string message) => Fail<SpecNode>(at, message);

    private T? Fail<T>(SourcePosition at, string message)
        where T : SpecNode
    {
        _errors.Add(at, "", message);
        return null;
    }

    private ParsingEvent? Advance()
    {
        if (!_parser.MoveNext())
            return null;

        _last = Position(_parser.Current!.Start);
        return _parser.Current;
    }

    private void Next<T>()
        where T : ParsingEvent
    {
        if (_errors.None && Advance() is not T)
            throw new YamlException(_parser.Current?.Start ?? Mark.Empty, _parser.Current?.End ?? Mark.Empty, "the document ends unexpectedly");
    }
}

namespace Pbt.Core.Studies.Reading;

/// <summary>Writes nodes on one line, for people.</summary>
internal static class NodeText
{
    /// <summary>The text: <c>0.1</c>, <c>[0.8, 1.2]</c>, <c>{ strategy: none }</c>.</summary>
    public static string Of(SpecNode node) => node switch
    {
        ScalarNode { Kind: ScalarKind.Nothing } => "null",
        ScalarNode { Text: "" } => "\"\"",
        ScalarNode scalar => scalar.Text,
        ListNode list => $"[{string.Join(", ", list.Items.Select(Of))}]",
        MappingNode { Entries.IsEmpty: true } => "{}",
        MappingNode mapping => $"{{ {string.Join(", ", mapping.Entries.Select(static e => $"{e.Key}: {Of(e.Value)}"))} }}",
        _ => throw new NotSupportedException(),
    };
}

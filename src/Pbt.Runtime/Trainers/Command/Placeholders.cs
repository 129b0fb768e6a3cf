using Pbt.Core.Studies;

namespace Pbt.Runtime.Trainers.Command;

/// <summary>Fills the placeholders of a command's arguments.</summary>
/// <remarks>Pure. The spec's reader has checked the templates and the names in them.</remarks>
public static class Placeholders
{
    /// <summary>The arguments with every placeholder filled; groups in which one is empty are left out.</summary>
    public static IReadOnlyList<string> Fill(IEnumerable<CommandArgument> arguments, IReadOnlyDictionary<string, string> values)
    {
        var filled = new List<string>();
        foreach (var argument in arguments)
        {
            var templates = argument.Parts.Select(Parse).ToList();
            var isDropped = argument.Droppable && templates.SelectMany(static t => t.Placeholders).Any(name => values[name].Length == 0);
            if (!isDropped)
                filled.AddRange(templates.Select(template => template.Expand(name => values[name])));
        }

        return filled;
    }

    /// <summary>The text with every placeholder filled.</summary>
    public static string Fill(string text, IReadOnlyDictionary<string, string> values) => Parse(text).Expand(name => values[name]);

    private static ArgumentTemplate Parse(string text) =>
        ArgumentTemplate.TryParse(text, out var objection) ?? throw new ArgumentException($"'{text}' is no template: {objection}.", nameof(text));
}

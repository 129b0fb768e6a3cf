using System.Globalization;
using System.Text.RegularExpressions;
using Pbt.Docs.Tests.Pages;

namespace Pbt.Docs.Tests.Running;

/// <summary>A command that a page shows, and what it says comes of it.</summary>
/// <param name="Script">What bash is given.</param>
/// <param name="Shown">Its output as shown; null where none is.</param>
/// <param name="ExitCode">The exit code that the page names.</param>
internal sealed partial record ShownCommand(string Script, string? Shown, int ExitCode)
{
    /// <summary>The commands of a block: all of an <c>sh</c> block as one script, each after a <c>$</c> of a <c>console</c> block by itself.</summary>
    public static IEnumerable<ShownCommand> Of(Fence fence)
    {
        var more = fence.Mark("run with") is { } arguments ? $" {arguments}" : string.Empty;
        return fence.Language == "sh" ? [new(Lengthened(fence.Text, more), Shown: null, ExitCode: 0)] : OfConsole(fence.Text, more);
    }

    private static IEnumerable<ShownCommand> OfConsole(string text, string more)
    {
        foreach (var part in Prompt().Split(text).Skip(1))
        {
            var lines = part.Split('\n');
            var count = 1 + lines.Skip(1).TakeWhile(static line => line.StartsWith("> ", StringComparison.Ordinal)).Count();
            var script = string.Join('\n', lines.Take(count).Select(static (line, i) => i == 0 ? line : line[2..]));
            var code = ExitCodeComment().Match(script);
            var shown = string.Join('\n', lines.Skip(count));
            yield return new(Lengthened(script, more), shown.Trim().Length == 0 ? null : shown, code.Success ? int.Parse(code.Groups["code"].Value, CultureInfo.InvariantCulture) : 0);
        }
    }

    /// <summary>The script with more arguments to every command of pbt and of a sample.</summary>
    private static string Lengthened(string script, string more) =>
        more.Length == 0 ? script : OwnCommand().Replace(script, match => match.Groups["command"].Value.TrimEnd() + more);

    [GeneratedRegex(@"^\$ ", RegexOptions.CultureInvariant | RegexOptions.Multiline, 5000)]
    private static partial Regex Prompt();

    [GeneratedRegex("#.*exit code (?<code>[0-9]+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex ExitCodeComment();

    [GeneratedRegex(@"^(?<command>(\./)?(pbt|samples/\S+/bin/\S+) [^#\n]*)(#.*)?$", RegexOptions.CultureInvariant | RegexOptions.Multiline | RegexOptions.ExplicitCapture, 5000)]
    private static partial Regex OwnCommand();
}

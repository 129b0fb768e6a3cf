using System.Collections.Immutable;
using System.Text;

namespace Pbt.Core.Studies;

/// <summary>A text with placeholders such as <c>{learning_rate}</c>; <c>{{</c> and <c>}}</c> are braces.</summary>
/// <remarks>Immutable and thread-safe.</remarks>
public sealed class ArgumentTemplate
{
    /// <summary>The placeholders that every command has besides its hyperparameters.</summary>
    public static readonly ImmutableArray<string> Builtins =
        ["checkpoint_in", "checkpoint_out", "steps", "seconds", "member", "interval", "seed", "result", "metrics", "hyperparameters"];

    /// <summary>The placeholders of an explore program.</summary>
    public static readonly ImmutableArray<string> ExploreBuiltins = ["population", "result"];

    /// <summary>The placeholders of a hook.</summary>
    public static readonly ImmutableArray<string> HookBuiltins = ["study", "kind", "version", "member", "donor", "interval", "score", "checkpoint", "words"];

    private readonly ImmutableArray<Part> _parts;

    private ArgumentTemplate(ImmutableArray<Part> parts) => _parts = parts;

    /// <summary>The names of the placeholders, in the order of the text.</summary>
    public IEnumerable<string> Placeholders => _parts.Where(static p => p.IsPlaceholder).Select(static p => p.Text);

    /// <summary>Parses the text, or says what is wrong with it.</summary>
    /// <param name="text">The text.</param>
    /// <param name="objection">A clause, where null is returned.</param>
    public static ArgumentTemplate? TryParse(string text, out string? objection)
    {
        var parts = ImmutableArray.CreateBuilder<Part>();
        var literal = new StringBuilder();
        objection = null;
        for (var at = 0; at < text.Length; at++)
        {
            var c = text[at];
            if (c is '{' or '}' && at + 1 < text.Length && text[at + 1] == c)
            {
                literal.Append(c);
                at++;
            }
            else if (c == '{')
            {
                var end = text.AsSpan(at + 1).IndexOfAny('{', '}');
                if (end < 0 || text[at + 1 + end] == '{')
                    objection = "a '{' is never closed; write {{ for a literal brace";
                else if (end == 0)
                    objection = "a placeholder {} has no name; write {{}} for literal braces";

                if (objection is not null)
                    return null;

                if (literal.Length > 0)
                    parts.Add(new(literal.ToString(), false));
                literal.Clear();
                parts.Add(new(text.Substring(at + 1, end), true));
                at += end + 1;
            }
            else if (c == '}')
            {
                objection = "a '}' closes nothing; write }} for a literal brace";
                return null;
            }
            else
            {
                literal.Append(c);
            }
        }

        if (literal.Length > 0)
            parts.Add(new(literal.ToString(), false));
        return new(parts.ToImmutable());
    }

    /// <summary>The text with each placeholder replaced by its value.</summary>
    public string Expand(Func<string, string> valueOf) =>
        string.Concat(_parts.Select(p => p.IsPlaceholder ? valueOf(p.Text) : p.Text));

    private readonly record struct Part(string Text, bool IsPlaceholder);
}

using System.Text;
using Pbt.Core.Studies;

namespace Pbt.Backends.Submit;

/// <summary>Reads a job template: the text of a command line, as users of IsaacGymEnvs' and Sample Factory's launchers have it.</summary>
/// <remarks>
/// Pure. It is split into arguments as a shell would, by white space outside quotes; a backslash at the end of a line goes on
/// in the next, and lines that begin with # are comments. Nothing is ever expanded or run: what a shell would expand is
/// refused, so that a template never means something else than it used to.
/// </remarks>
public static class JobTemplateText
{
    private const string Operators = "$`;&|<>()*?~";

    /// <summary>The arguments, in which <c>{{ name }}</c> and <c>{{ experiment_cmd }}</c> have become <c>{name}</c> and <c>{worker}</c>.</summary>
    /// <param name="text">The template.</param>
    /// <param name="file">Where it is from, for messages.</param>
    /// <exception cref="InvalidRequestException">It needs a shell, or a quote is open; the message says where.</exception>
    public static IReadOnlyList<string> Read(string text, string file) => [.. new Splitter(text, file).Split().Select(argument => WithPlaceholders(argument, file))];

    private static string WithPlaceholders(string argument, string file)
    {
        var result = new StringBuilder();
        var at = 0;
        while (argument.IndexOf("{{", at, StringComparison.Ordinal) is >= 0 and var open)
        {
            var close = argument.IndexOf("}}", open, StringComparison.Ordinal);
            var name = close < 0 ? string.Empty : argument[(open + 2)..close].Trim();
            result.Append(Literal(argument[at..open])).Append(name switch
            {
                "name" => "{name}",
                "experiment_cmd" => $"{{{JobTemplates.Worker}}}",
                _ => throw new InvalidRequestException($"{file}: {{{{ {name} }}}} is not known in a job template; there are {{{{ name }}}} and {{{{ experiment_cmd }}}}"),
            });
            at = close + 2;
        }

        return result.Append(Literal(argument[at..])).ToString();
    }

    private static string Literal(string text) => text.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);

    private sealed class Splitter(string text, string file)
    {
        private readonly List<string> _arguments = [];
        private readonly StringBuilder _argument = new();
        private bool _isOpen;
        private int _at;

        public List<string> Split()
        {
            while (_at < text.Length)
            {
                var c = text[_at];
                if (Placeholder())
                    continue;

                switch (c)
                {
                    case '\\':
                        Escaped();
                        break;
                    case '\'' or '"':
                        Quoted(c);
                        break;
                    case '#' when !_isOpen:
                        while (_at < text.Length && text[_at] != '\n')
                            _at++;

                        break;
                    case var _ when char.IsWhiteSpace(c):
                        End();
                        _at++;
                        break;
                    case var _ when Operators.Contains(c, StringComparison.Ordinal):
                        throw Refused(c);
                    default:
                        Add(c);
                        _at++;
                        break;
                }
            }

            End();
            return _arguments;
        }

        /// <summary>Takes <c>{{ … }}</c> as it is, white space and all.</summary>
        private bool Placeholder()
        {
            if (string.CompareOrdinal(text, _at, "{{", 0, 2) != 0 || text.IndexOf("}}", _at, StringComparison.Ordinal) is not (>= 0 and var close))
                return false;

            foreach (var c in text.AsSpan(_at, close + 2 - _at))
                Add(c);

            _at = close + 2;
            return true;
        }

        private void Escaped()
        {
            var next = _at + 1 < text.Length ? text[_at + 1] : throw new InvalidRequestException($"{file}: the last line ends with a backslash, and there is no next one; remove it");
            if (next == '\r' && _at + 2 < text.Length && text[_at + 2] == '\n')
                _at++;
            else if (next != '\n')
                Add(next);

            _at += 2;
        }

        private void Quoted(char quote)
        {
            var begin = _at++;
            _isOpen = true;
            while (_at < text.Length && text[_at] != quote)
            {
                if (Placeholder())
                    continue;

                var c = text[_at];
                if (quote == '"' && c is '$' or '`')
                    throw Refused(c);

                if (quote == '"' && c == '\\' && EscapesInQuotes())
                    continue;

                Add(c);
                _at++;
            }

            if (_at >= text.Length)
                throw new InvalidRequestException($"{file}: line {Line(begin)}: the quote {quote} is never closed");

            _at++;
        }

        /// <summary>Takes a backslash in double quotes with what it stands before, where it has a meaning there.</summary>
        private bool EscapesInQuotes()
        {
            if (_at + 1 >= text.Length || text[_at + 1] is not ('"' or '\\' or '$' or '`' or '\n'))
                return false;

            if (text[_at + 1] != '\n')
                Add(text[_at + 1]);

            _at += 2;
            return true;
        }

        private void Add(char c)
        {
            _isOpen = true;
            _argument.Append(c);
        }

        private void End()
        {
            if (_isOpen)
                _arguments.Add(_argument.ToString());

            _argument.Clear();
            _isOpen = false;
        }

        private InvalidRequestException Refused(char c) => new(
            $"{file}: line {Line(_at)}: a shell would give '{c}' a meaning, and none reads this template; put it into single quotes to have it as it is, or write what it stands for");

        private int Line(int at) => text.AsSpan(0, at).Count('\n') + 1;
    }
}

using Pbt.Backends.Submit;
using Pbt.Core.Studies;

namespace Pbt.Backends.Tests.Submit;

/// <summary>Job templates as users of other launchers have them.</summary>
public sealed class JobTemplateTextTests
{
    [Fact]
    public void A_template_with_continued_lines_and_quotes_becomes_arguments()
    {
        const string Text =
            "# a comment\n" +
            "ngc batch run \\\n" +
            "    --name \"{{ name }}\" \\\r\n" +
            "    --image 'nvcr.io/a b:1' --label=\"a  b\" \\\n" +
            "    --commandline \"cd /work && {{ experiment_cmd }} > '/result/log'\" --port 80\n";

        Assert.Equal(
            ["ngc", "batch", "run", "--name", "{name}", "--image", "nvcr.io/a b:1", "--label=a  b", "--commandline", "cd /work && {worker} > '/result/log'", "--port", "80"],
            JobTemplateText.Read(Text, "job.template"));
    }

    [Theory]
    [InlineData("a{{name}}b", "a{name}b")]
    [InlineData("{{ name }}", "{name}")]
    [InlineData("'{\"a\": 1}'", "{{\"a\": 1}}")]
    [InlineData("\"a\\\"b\\\\c\\d\"", "a\"b\\c\\d")]
    [InlineData("a\\ b", "a b")]
    [InlineData("'$HOME `id`'", "$HOME `id`")]
    [InlineData("\"a\\$b\"", "a$b")]
    [InlineData("''", "")]
    [InlineData("a#b", "a#b")]
    public void An_argument_is_what_a_shell_would_make_of_it(string text, string argument) => Assert.Equal([argument], JobTemplateText.Read(text, "f"));

    [Theory]
    [InlineData("a\n\"$HOME\"", "f: line 2: a shell would give '$' a meaning")]
    [InlineData("\"`id`\"", "f: line 1: a shell would give '`' a meaning")]
    [InlineData("a; b", "a shell would give ';' a meaning")]
    [InlineData("a > b", "a shell would give '>' a meaning")]
    [InlineData("*.txt", "a shell would give '*' a meaning")]
    [InlineData("a 'b", "f: line 1: the quote ' is never closed")]
    [InlineData("a \\", "the last line ends with a backslash")]
    [InlineData("{{ nme }}", "{{ nme }} is not known in a job template; there are {{ name }} and {{ experiment_cmd }}")]
    public void What_would_need_a_shell_is_refused(string text, string message)
    {
        var error = Assert.Throws<InvalidRequestException>(() => JobTemplateText.Read(text, "f"));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }
}

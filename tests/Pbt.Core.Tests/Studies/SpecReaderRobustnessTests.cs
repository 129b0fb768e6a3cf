using System.Diagnostics;
using System.Text;
using Pbt.Core.Randomness;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>Whatever the text is, reading it ends soon, with a spec or with errors.</summary>
public sealed class SpecReaderRobustnessTests
{
    [Theory]
    [InlineData("", "the spec is empty")]
    [InlineData("# nothing", "the spec is empty")]
    [InlineData("---\n", "expected a mapping, found nothing")]
    [InlineData("just text", "expected a mapping, found the text 'just text'")]
    [InlineData("[1, 2]", "expected a mapping, found a list")]
    [InlineData("a: 1\n---\nb: 2", "a second document begins here")]
    [InlineData("a: &x 1", "the anchor &x is not supported")]
    [InlineData("a: [*x]", "the alias *x is not supported")]
    [InlineData("a: &x [*x]", "the anchor &x is not supported")]
    [InlineData("<<: { a: 1 }", "the merge key << is not supported")]
    [InlineData("a: !!str 5", "tags such as !!str are not supported")]
    [InlineData("a: !exec x", "tags such as !!str are not supported")]
    [InlineData("? [a]\n: b", "a list stands where a key is expected")]
    [InlineData("a: [1, 2", "did not find expected ',' or ']'")]
    [InlineData("a: 'x", "unexpected end of stream")]
    [InlineData("a: b: c", "a second ': ' in one value")]
    [InlineData("a: b\n\tc: d", "replace the tabs by spaces")]
    [InlineData("a:\n\tb: 1", "replace the tabs by spaces")]
    [InlineData("a: @b", "a character that cannot begin a value here")]
    [InlineData("a: \"\\ud800\"", "invalid Unicode surrogates")]
    [InlineData("{\"a\": \"\\ud800\"}", "invalid Unicode surrogates")]
    [InlineData("a: 1\0b: 2", "a character that no text file holds")]
    [InlineData("%YAML 99999999999.1\n---\na: 1", "extremely long version number")]
    [InlineData("{\"a\": 1,", "not well formed")]
    public void A_text_that_is_no_single_mapping_is_explained(string text, string message) =>
        Assert.Contains(Specs.Errors(text), e => e.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void A_syntax_error_has_its_line()
    {
        var error = Assert.Single(Specs.Errors("name: x\npopulation: 4\nmode: a: b\n"));

        Assert.Equal((3, 8, ""), (error.Line, error.Column, error.Path));
        Assert.StartsWith("study.yaml:3:8: the YAML is not well formed: ", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_surrogate_pair_is_an_error() => Assert.Single(Specs.Errors("name: \ud800"));

    [Fact]
    public void A_byte_order_mark_is_skipped() => Assert.Equal("demo", Specs.Read('\uFEFF' + Specs.Yaml()).Name);

    [Fact]
    public void Windows_line_ends_are_read() =>
        Assert.Equal("demo", Specs.Read(Specs.Yaml().Replace("\n", "\r\n", StringComparison.Ordinal)).Name);

    [Fact]
    public void A_spec_over_a_mebibyte_is_an_error() =>
        Assert.Contains("larger than 1 MiB", Assert.Single(Specs.Errors("# " + new string('é', SpecReader.MaxBytes / 2))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("[", "]")]
    [InlineData("{a: ", "}")]
    [InlineData("{\"a\": ", "}")]
    public void Nesting_is_limited(string open, string close)
    {
        Assert.Contains(Specs.Errors(Nested(65)), static e => e.Message.Contains("more than 64 levels", StringComparison.Ordinal));
        Assert.Contains(Specs.Errors(Nested(100_000)), static e => e.Message.Contains("more than 64 levels", StringComparison.Ordinal));
        Assert.DoesNotContain(Specs.Errors(Nested(63)), static e => e.Message.Contains("levels", StringComparison.Ordinal));

        string Nested(int depth) => string.Concat(Enumerable.Repeat(open, depth)) + "1" + string.Concat(Enumerable.Repeat(close, depth));
    }

    [Fact]
    public void Nesting_by_block_lists_is_limited() =>
        Assert.Contains("more than 64 levels", Assert.Single(Specs.Errors(string.Concat(Enumerable.Repeat("- ", 500_000)))).Message, StringComparison.Ordinal);

    [Fact]
    public void An_alias_bomb_is_an_error_at_once()
    {
        var bomb = new StringBuilder("a0: &a0 [x, x]\n");
        for (var i = 1; i < 30; i++)
            bomb.Append(System.Globalization.CultureInfo.InvariantCulture, $"a{i}: &a{i} [*a{i - 1}, *a{i - 1}]\n");

        Assert.Single(Specs.Errors(bomb.ToString()));
    }

    [Fact]
    public void No_more_than_a_hundred_errors_are_reported()
    {
        var keys = string.Concat(Enumerable.Range(0, 50_000).Select(static i => $"populatio{i}: 1\n"));

        Assert.Equal(100, Specs.Errors(keys).Length);
    }

    [Fact]
    public void A_large_spec_is_read_in_time_that_grows_with_its_size()
    {
        const int Count = 20_000;
        var names = Enumerable.Range(0, Count).Select(static i => $"h{i}").ToList();
        var text = Specs.Yaml(
            ("hyperparameters", "{" + string.Join(',', names.Select(static n => n + ": {type: bool}")) + "}"),
            ("trainer", "{ command: [x," + string.Join(',', names.Select(static n => "'{" + n + "}'")) + "] }"));

        var watch = Stopwatch.StartNew();
        Assert.Equal(Count, Specs.Read(text).Hyperparameters.Definitions.Length);
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"It took {watch.Elapsed}.");
    }

    [Fact]
    public void Damaged_text_never_throws()
    {
        const string Insertions = "{}[]:,-'\"&*!|>%@`#?~ \t\n\r\\\u0085\u2028\0é0.e";
        var texts = new[] { Specs.Yaml(("exploit", "\n  top: 0.1\n  inherit: weights")), SpecWriter.ToJson(Specs.Valid()), StudyTemplate.Text("demo") };
        var random = new RandomStream(1, 0, 0, RandomPurpose.InitialDesign);
        for (var i = 0; i < 5000; i++)
        {
            var text = new StringBuilder(texts[i % texts.Length]);
            for (var change = random.NextInt(4); change >= 0; change--)
            {
                var at = random.NextInt(text.Length);
                switch (random.NextInt(3))
                {
                    case 0:
                        text.Remove(at, Math.Min(text.Length - at, 1 + random.NextInt(20)));
                        break;
                    case 1:
                        text.Insert(at, Insertions[random.NextInt(Insertions.Length)]);
                        break;
                    default:
                        text.Insert(at, text.ToString(at, Math.Min(text.Length - at, random.NextInt(60))));
                        break;
                }
            }

            if (SpecReader.Read(text.ToString(), "study.yaml", Specs.Directory) is SpecResult.Invalid invalid)
                Assert.NotEmpty(invalid.Errors);
        }
    }
}

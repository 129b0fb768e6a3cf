using Pbt.Cli.Output;
using Pbt.Core.SearchSpaces;

namespace Pbt.Cli.Tests.Output;

public sealed class WordsTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 kB")]
    [InlineData(999_949, "999.9 kB")]
    [InlineData(999_950, "1.0 MB")]
    [InlineData(3_400_000_000, "3.4 GB")]
    [InlineData(long.MaxValue, "9223372.0 TB")]
    public void Bytes(long bytes, string text) => Assert.Equal(text, Words.Bytes(bytes));

    [Theory]
    [InlineData(-1, "0s")]
    [InlineData(59.6, "1m 00s")]
    [InlineData(723, "12m 03s")]
    [InlineData(11100, "3h 05m")]
    [InlineData(187200, "2d 04h")]
    public void Durations(double seconds, string text) => Assert.Equal(text, Words.Duration(TimeSpan.FromSeconds(seconds)));

    [Theory]
    [InlineData(0.000013211, "1.321e-5")]
    [InlineData(0.0003419, "0.0003419")]
    [InlineData(1e-12, "1e-12")]
    [InlineData(1e300, "1e+300")]
    public void Values_are_short(double value, string text) => Assert.Equal(text, Words.Value(HyperparameterValue.Of(value)));

    [Fact]
    public void A_change_too_small_to_see_is_shown_in_full()
    {
        var before = new Hyperparameters([new("x", HyperparameterValue.Of(0.12345678))]);
        var after = new Hyperparameters([new("x", HyperparameterValue.Of(0.12345679))]);

        Assert.Equal("x 0.12345678 → 0.12345679", Words.Changes(before, after));
        Assert.Equal(string.Empty, Words.Changes(after, after));
    }

    [Fact]
    public void Text_of_others_cannot_steer_a_terminal()
    {
        Assert.Equal("a b [31mc", Words.OneLine("a\r\n\tb \u001b[31mc\u0007\n"));
        Assert.Equal("[2Ja\nb", Words.Harmless("\u001b[2Ja\r\nb"));
        Assert.Equal("a 2Jb c d", Words.OneLine("a\u009b2Jb\u202ec\u2066d"));
        Assert.Equal("a2Jbcd", Words.Harmless("a\u009b2Jb\u202ec\u2066d\0\u0085\u007f"));
    }

    [Theory]
    [InlineData(40, "learning_rate=0.001 epochs=4")]
    [InlineData(27, "learning_rate=0.001 +1")]
    [InlineData(18, "learning…=0.001 +1")]
    [InlineData(8, "le…=0.0…")]
    [InlineData(0, "")]
    public void Names_are_cut_before_values(int room, string text)
    {
        var values = new Hyperparameters([new("learning_rate", HyperparameterValue.Of(0.001)), new("epochs", HyperparameterValue.Of(4L))]);

        Assert.Equal(text, BriefValues.Of(values, room));
    }

    [Fact]
    public void A_table_wraps_its_last_column_and_keeps_longer_words_whole()
    {
        var table = new TextTable(new Column("id"), new Column("n", IsNumber: true), new Column("text"));
        table.Add("a", "1", "one two three four five six");
        table.Add("bb", "22", "DIR/a/path/that/is/longer/than/the/column");

        Assert.Equal(
            [
                "id   n  text",
                "a    1  one two three",
                "        four five six",
                "bb  22  DIR/a/path/that/is/longer/than/the/column",
            ],
            table.Lines(24).ToArray());
    }
}

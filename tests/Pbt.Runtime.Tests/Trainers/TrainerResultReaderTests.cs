using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime.Trainers;

namespace Pbt.Runtime.Tests.Trainers;

public sealed class TrainerResultReaderTests
{
    [Theory]
    [InlineData("""{"score": 1.5}""", 1.5)]
    [InlineData("""{"score": -3}""", -3)]
    [InlineData("""{"eval.return": 2.5}""", 2.5)]
    [InlineData("""{"eval": {"return": 3.5}}""", 3.5)]
    [InlineData("""{"metrics": {"eval.return": 4.5}}""", 4.5)]
    [InlineData("""{"metrics": {"eval": {"return": 5.5}}}""", 5.5)]
    [InlineData("""{"score": 1, "eval.return": 2}""", 1)]
    [InlineData("""{"score": 1, "loss": NaN, "metrics": {"x": -Infinity}}""", 1)]
    public void The_score_is_found_under_its_name_or_the_metrics(string json, double expected) =>
        Assert.Equal(expected, Valid(json).Score);

    [Theory]
    [InlineData("""{"score": NaN}""", FailureKind.InvalidScore, "NaN")]
    [InlineData("""{"score": Infinity}""", FailureKind.InvalidScore, "Infinity")]
    [InlineData("""{"score": -Infinity}""", FailureKind.InvalidScore, "-Infinity")]
    [InlineData("""{"score": "1.5"}""", FailureKind.InvalidScore, "the text \"1.5\"; write a number")]
    [InlineData("""{"score": null}""", FailureKind.InvalidScore, "null; write a number")]
    [InlineData("""{"score": 1e999}""", FailureKind.InvalidScore, "score")]
    [InlineData("""{"loss": 1}""", FailureKind.InvalidScore, "neither \"score\" nor the objective's metric \"eval.return\"; it has \"loss\"")]
    [InlineData("""{"eval": {"length": 7, "returns": 1}, "metrics": {"loss": {"value": 1}}}""", FailureKind.InvalidScore, "it has \"eval.returns\", \"eval.length\", \"loss.value\"")]
    [InlineData("""{"eval": {"return": {"mean": 1, "std": 2}}}""", FailureKind.InvalidScore, "is an object; name one of its numbers: \"eval.return.std\", \"eval.return.mean\"")]
    [InlineData("{}", FailureKind.InvalidScore, "it has nothing")]
    [InlineData("[1]", FailureKind.InvalidResult, "holds a list")]
    [InlineData("1.5", FailureKind.InvalidResult, "write an object")]
    [InlineData("", FailureKind.InvalidResult, "is no JSON")]
    [InlineData("{\"score\": ", FailureKind.InvalidResult, "is no JSON")]
    [InlineData("""{"score": 1, "samples": 5}""", FailureKind.InvalidResult, "write a list")]
    [InlineData("""{"score": 1, "samples": [1, NaN]}""", FailureKind.InvalidResult, "finite numbers only")]
    [InlineData("""{"score": 1, "steps": -1}""", FailureKind.InvalidResult, "whole number")]
    [InlineData("""{"score": 1, "steps": 1.5}""", FailureKind.InvalidResult, "whole number")]
    public void What_is_wrong_is_said_and_how_to_mend_it(string json, FailureKind kind, string message)
    {
        var invalid = Assert.IsType<ResultReading.Invalid>(Read(json));
        Assert.Equal(kind, invalid.Kind);
        Assert.Contains(message, invalid.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_too_much_is_no_result_and_the_limit_is_said()
    {
        Assert.Contains("list of at most 100000 numbers", Reason($$"""{"score": 1, "samples": [{{string.Join(',', Enumerable.Repeat("1", 100_001))}}]}"""), StringComparison.Ordinal);
        Assert.Contains("more than 1000 numbers", Reason($$$"""{"score": 1, "metrics": {{{{string.Join(',', Enumerable.Range(0, 1001).Select(static i => $"\"m{i}\":1"))}}}}}"""), StringComparison.Ordinal);
        Assert.Contains("more than 500 characters", Reason($$$"""{"score": 1, "metrics": {"{{{new string('m', 501)}}}": 1}}"""), StringComparison.Ordinal);
        Assert.Contains("depth", Reason($$"""{"score": 1, "deep": {{new string('[', 33)}}{{new string(']', 33)}}}"""), StringComparison.Ordinal);
        Assert.Equal(1000, Valid($$$"""{"score": 1, "metrics": {{{{string.Join(',', Enumerable.Range(0, 1000).Select(static i => $"\"m{i}\":1"))}}}}}""").Metrics.Count);
    }

    [Theory]
    [InlineData("""{"score": "\ud800"}""")]
    [InlineData("""{"score": 1, "metrics": {"\udc00x": 1}}""")]
    [InlineData("""{"\ud800": 1}""")]
    public void Half_a_character_is_said_rather_than_thrown(string json) => Assert.Contains("half a character", Reason(json), StringComparison.Ordinal);

    [Fact]
    public void A_text_made_to_be_slow_to_search_is_read_in_one_pass()
    {
        // A mebibyte of escaped quotes and words: to a backtracking search each is a place to begin anew.
        var hostile = "{\"score\": NaN, \"x\": \"" + string.Concat(Enumerable.Repeat("\\\"NaN", 200_000));
        var began = TimeProvider.System.GetTimestamp();
        Assert.Contains("is no JSON", Reason(hostile), StringComparison.Ordinal);
        Assert.InRange(TimeProvider.System.GetElapsedTime(began), TimeSpan.Zero, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void Of_many_numbers_those_most_like_the_objective_are_named()
    {
        var many = string.Join(',', Enumerable.Range(0, 50).Select(static i => $"\"Loss/{i}\": 1"));
        var reason = Reason($$"""{ {{many}}, "Eval": {"Return": 3} }""");

        Assert.Contains("it has \"Eval.Return\", \"Loss/0\"", reason, StringComparison.Ordinal);
        Assert.EndsWith("and 41 more", reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Samples_metrics_and_steps_are_read()
    {
        var result = Valid("""{"score": 1, "samples": [1, 2.5], "steps": 100, "metrics": {"a": 1, "b": {"c": 2, "note": "x"}, "done": true, "bad": NaN}}""");
        Assert.Equal<double>([1, 2.5], result.Samples);
        Assert.Equal(100, result.Steps);
        Assert.Equal(["a", "b.c", "done"], result.Metrics.Keys);
    }

    [Fact]
    public void A_text_that_says_NaN_is_left_alone() =>
        Assert.Equal(1, Valid("""{"score": 1, "note": "NaN or Infinity", "x": NaN}""").Score);

    private static string Reason(string json) => Assert.IsType<ResultReading.Invalid>(Read(json)).Reason;

    [Fact]
    public void A_t_test_needs_samples()
    {
        var spec = TestSpecs.Command("true") with { Exploit = new TTestExploit() };
        var invalid = Assert.IsType<ResultReading.Invalid>(TrainerResultReader.Read("""{"score": 1}""", "the result file", spec));
        Assert.Contains("\"samples\"", invalid.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Deep_nesting_is_refused_without_harm() =>
        Assert.IsType<ResultReading.Invalid>(Read(string.Concat(Enumerable.Repeat("{\"a\":", 5000)) + "1" + new string('}', 5000)));

    private static TrainerResult Valid(string json) => Assert.IsType<ResultReading.Valid>(Read(json)).Result;

    private static ResultReading Read(string json) =>
        TrainerResultReader.Read(json, "the result file", TestSpecs.Command("true") with { Objective = new Objective("eval.return", Goal.Maximize) });
}

using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Studies;

/// <summary>A recorded schedule is read from each format, and from Ray Tune's files as Ray reads them.</summary>
public sealed class ScheduleReaderTests
{
    private const string Hostile = "\",[]{}:-0e\n\0\ud800 x";

    private static readonly SearchSpace Space = new(
    [
        new FloatHyperparameter("lr", 0, 1, Scale.Linear),
        new IntHyperparameter("epochs", 1, 10, Scale.Linear),
        new CategoricalHyperparameter("opt", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("a,\"b\"")]),
    ]);

    [Theory]
    [InlineData("- from_step: 0\n  steps: 20\n  member: 2\n  first_interval: 1\n  last_interval: 2\n  hyperparameters: { lr: 1.0, epochs: 3, opt: adam }\n- from_step: 20\n  steps: 10\n  hyperparameters: { lr: 0.5, epochs: 4, opt: 'a,\"b\"' }\n")]
    [InlineData("""{"study":"s","member":0,"changes":[{"from_step":0,"steps":20,"hyperparameters":{"lr":1.0,"epochs":3,"opt":"adam"}},{"from_step":20,"steps":10,"hyperparameters":{"lr":5E-01,"epochs":4,"opt":"a,\"b\""}}],"schedule":[]}""")]
    [InlineData("from_step,steps,lr,epochs,opt\r\n0,20,1,3,adam\r\n20,10,0.5,4,\"a,\"\"b\"\"\"\r\n")]
    public void The_exported_formats_are_told_apart_and_read(string text)
    {
        var schedule = Valid(text);

        Assert.Equal("0 lr=1 epochs=3 opt=adam; 20 lr=0.5 epochs=4 opt=a,\"b\"", Text(schedule));
        Assert.Equal(30, schedule.Steps);
    }

    [Fact]
    public void Rays_rows_are_followed_backwards_from_donor_to_donor()
    {
        // The first row was overwritten: nobody after it has its target as a donor.
        const string Rows =
            """
            ["7_x", "8_x", 4, 4, {"lr": 0.9, "epochs": 1, "opt": "adam"}, {"lr": 0.8, "epochs": 1, "opt": "adam"}]
            ["1_x", "2_x", 6, 10, {"lr": 0.1, "epochs": 2, "opt": "adam"}, {"lr": 0.2, "epochs": 2, "opt": "adam"}]
            ["3_x", "1_x", 15, 30, {"lr": 0.2, "epochs": 2, "opt": "adam"}, {"lr": 0.3, "epochs": 3.0, "opt": "adam"}]

            """;
        var schedule = Valid(Rows);

        Assert.Equal("0 lr=0.1 epochs=2 opt=adam; 100 lr=0.2 epochs=2 opt=adam; 300 lr=0.3 epochs=3 opt=adam", Text(schedule));
        Assert.Null(schedule.Steps);
    }

    [Fact]
    public void Nested_configs_of_Rays_get_dotted_names_and_what_stays_the_same_is_left_out_by_name()
    {
        var space = new SearchSpace([new FloatHyperparameter("optim.lr", 0, 1, Scale.Linear)]);
        const string Row = """["a", "b", 1, 2, {"optim": {"lr": 1}, "env": "CartPole", "layers": [1, 2]}, {"optim": {"lr": 0.5}, "env": "CartPole", "layers": [1, 2]}]""";
        var schedule = Assert.IsType<ScheduleResult.Valid>(ScheduleReader.Read(Row, "p.txt", space, 10)).Schedule;

        Assert.Equal("0 optim.lr=1; 20 optim.lr=0.5", Text(schedule));
        Assert.Equal<string>(["env", "layers"], schedule.Unused);
    }

    [Fact]
    public void A_change_of_Rays_that_replaces_another_at_once_is_the_one_that_counts()
    {
        const string Rows =
            """
            ["a", "b", 5, 5, {"lr": 0.1, "epochs": 1, "opt": "adam"}, {"lr": 0.2, "epochs": 1, "opt": "adam"}]
            ["c", "a", 5, 5, {"lr": 0.2, "epochs": 1, "opt": "adam"}, {"lr": 0.3, "epochs": 1, "opt": "adam"}]
            """;
        Assert.Equal("0 lr=0.1 epochs=1 opt=adam; 50 lr=0.3 epochs=1 opt=adam", Text(Valid(Rows)));
    }

    [Theory]
    [InlineData("", "s:1:1: the schedule is empty")]
    [InlineData("[]", "the schedule is empty")]
    [InlineData("from_step,lr,epochs,opt\n", "the schedule is empty")]
    [InlineData("from_step,lr,opt\n0,1,adam\n", "there is no column epochs")]
    [InlineData("from_step,lr,epochs,opt,lrr\n0,1,1,adam,1\n", "lrr: there is no hyperparameter of this name; did you mean 'lr'")]
    [InlineData("from_step,lr,epochs,opt\n0,1,1\n", "s:2:1: the row has 3 fields, but there are 4 names")]
    [InlineData("from_step,lr,epochs,opt\n0,1,1,\"adam\n", "has no end")]
    [InlineData("from_step,lr,epochs,opt\n0,7,1,adam\n", "s:2:1: lr: '7' is not a float from 0 to 1")]
    [InlineData("from_step,lr,epochs,opt\nx,1,1,adam\n", "s:2:1: from_step: expected a whole number")]
    [InlineData("- { from_step: 10, hyperparameters: { lr: 1, epochs: 1, opt: adam } }", "the first values hold from step 0")]
    [InlineData("{ foo: 1 }", "unknown key 'foo'")]
    [InlineData("just a text", "expected a list")]
    [InlineData("[\"a\", \"b\", 1, 2, {\"lr\": 1", "s:1:26: the line is no JSON: was the file cut, or edited?")]
    [InlineData("[\"a\", \"b\", 1, 2, {}]", "s:1:1: the line is not [target tag, donor tag,")]
    [InlineData("[\"a\", \"b\", 1, -2, {}, {}]", "s:1:1: the line is not [target tag, donor tag,")]
    [InlineData("\n[\"a\", \"b\", 1, 2, {\"lr\": 1, \"epochs\": 1}, {\"lr\": 1, \"epochs\": 1}]", "s:2:1: the config lacks opt")]
    [InlineData("[\"a\", \"b\", 1, 2, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\"}, {\"lr\": 1.5, \"epochs\": 1, \"opt\": \"adam\"}]", "s:1:1: lr: the number 1.5 is not a float from 0 to 1")]
    [InlineData("[\"a\", \"b\", 1, 2, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\", \"wd\": 1}, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\", \"wd\": 2}]", "s:1:1: wd: changes along the schedule, but the spec has no such hyperparameter")]
    [InlineData("[\"a\", \"b\", 1, 9223372036854775807, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\"}, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\"}]", "more than can be counted")]
    public void A_wrong_file_is_an_error_with_its_line(string text, string message)
    {
        var invalid = Assert.IsType<ScheduleResult.Invalid>(ScheduleReader.Read(text, "s", Space, 10));
        Assert.Contains(invalid.Errors, e => e.ToString().Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Any_text_is_read_or_refused_without_an_exception()
    {
        string[] seeds =
        [
            "from_step,steps,lr,epochs,opt\r\n0,20,1,3,adam\r\n20,10,0.5,4,\"a,\"\"b\"\"\"\r\n",
            "- from_step: 0\n  steps: 20\n  hyperparameters: { lr: 1.0, epochs: 3, opt: adam }\n",
            "[\"a\", \"b\", 1, 2, {\"lr\": 1, \"epochs\": 1, \"opt\": \"adam\", \"n\": {\"x\": [1]}}, {\"lr\": 1, \"epochs\": 1, \"opt\": \"\\ud800\"}]\n",
            "{\"changes\":[{\"from_step\":0,\"hyperparameters\":{\"lr\":1.0,\"epochs\":3,\"opt\":\"adam\"}}]}",
        ];
        var random = new Core.Randomness.RandomStream(5, 0, 0, Core.Randomness.RandomPurpose.InitialDesign);
        for (var i = 0; i < 4000; i++)
        {
            var text = seeds[i % seeds.Length].ToCharArray();
            for (var edits = 1 + random.NextInt(4); edits > 0; edits--)
                text[random.NextInt(text.Length)] = Hostile[random.NextInt(Hostile.Length)];

            _ = ScheduleReader.Read(new string(text)[..(1 + random.NextInt(text.Length))], "s", Space, 1 + random.NextInt(1000));
        }
    }

    private static string Text(RecordedSchedule schedule) => string.Join("; ", schedule.Changes.Select(static c => $"{c.FromStep} {c.Hyperparameters}"));

    private static RecordedSchedule Valid(string text) => ScheduleReader.Read(text, "s", Space, 10) switch
    {
        ScheduleResult.Valid valid => valid.Schedule,
        ScheduleResult.Invalid invalid => throw new InvalidDataException(string.Join('\n', invalid.Errors)),
        var other => throw new InvalidDataException($"{other}"),
    };
}

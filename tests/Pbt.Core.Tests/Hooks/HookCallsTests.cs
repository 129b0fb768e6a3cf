using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Pbt.Core.Hooks;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Hooks;

public sealed class HookCallsTests
{
    private static readonly HooksSpec All = new()
    {
        Commands = Enum.GetValues<HookKind>().ToImmutableSortedDictionary(static kind => kind, static _ => ImmutableArray.Create(new CommandArgument(["true"], Droppable: false))),
    };

    private static readonly StudySpec Spec = TestStudy.AsynchronousSpec with { Hooks = All };

    [Fact]
    public void An_interval_is_told_and_the_first_score_is_the_best()
    {
        var study = new TestStudy(Spec);
        study.Complete(study.Claim(), 0.5);

        var calls = CallsOf(study);

        Assert.Equal([HookKind.Interval, HookKind.Best], calls.Select(static c => c.Kind));
        var told = Json(calls[0]);
        Assert.Equal("test", told.GetProperty("study").GetString());
        Assert.Equal("interval", told.GetProperty("kind").GetString());
        Assert.Equal(0, told.GetProperty("member").GetInt32());
        Assert.Equal(1, told.GetProperty("interval").GetInt32());
        Assert.Equal(0.5, told.GetProperty("score").GetDouble());
        Assert.Equal("m0000/i000001-a000001", told.GetProperty("checkpoint").GetString());
        Assert.Equal("w1", told.GetProperty("worker").GetString());
        Assert.Equal(JsonValueKind.Null, told.GetProperty("donor").ValueKind);
        Assert.Equal(study[0].Hyperparameters["lr"].Number, told.GetProperty("hyperparameters").GetProperty("lr").GetDouble());
        Assert.Equal("m0 set the first score at interval 1: 0.5", told.GetProperty("words").GetString());
        Assert.Equal("1970-01-01T00:00:00Z", told.GetProperty("time").GetString());
        Assert.Equal(calls[0].Version, told.GetProperty("version").GetInt64());
    }

    [Theory]
    [InlineData(Goal.Maximize, 0.6, true)]
    [InlineData(Goal.Maximize, 0.5, false)]
    [InlineData(Goal.Maximize, 0.4, false)]
    [InlineData(Goal.Minimize, 0.4, true)]
    [InlineData(Goal.Minimize, 0.5, false)]
    public void Only_a_better_score_is_a_new_best_and_a_tie_is_none(Goal goal, double second, bool isBest)
    {
        var study = new TestStudy(Spec with { Objective = new Objective("score", goal) });
        study.Complete(study.Claim(), 0.5);
        study.Complete(study.Claim(), second);

        Assert.Equal(isBest ? 2 : 1, CallsOf(study).Count(static c => c.Kind == HookKind.Best));
    }

    [Fact]
    public void A_new_best_goes_by_the_smoothed_score_if_scores_are_smoothed()
    {
        var study = new TestStudy(Spec with { Exploit = new NoExploit(), Population = 2, Objective = new Objective("score", Goal.Maximize) { Smoothing = new MeanSmoothing(2) } });
        study.RunRound(static member => member == 0 ? 1.0 : 0.0);
        study.RunRound(static member => member == 0 ? 0.9 : 1.2);

        // The means are 0.95 and 0.6.
        Assert.Equal([1.0], CallsOf(study).Where(static c => c.Kind == HookKind.Best).Select(static c => Json(c).GetProperty("score").GetDouble()));
    }

    [Fact]
    public void An_exploit_is_told_with_its_donor_and_the_hyperparameters_before_and_after()
    {
        var study = new TestStudy(Spec with { Mode = StudyMode.Synchronous });
        var before = study[0].Hyperparameters["lr"].Number;
        study.RunRound(static member => member);

        var call = Assert.Single(CallsOf(study), static c => c.Kind == HookKind.Exploit);
        var told = Json(call);
        Assert.Equal(0, told.GetProperty("member").GetInt32());
        Assert.Equal(3, told.GetProperty("donor").GetInt32());
        Assert.Equal(before, told.GetProperty("hyperparameters_before").GetProperty("lr").GetDouble());
        Assert.Equal(study[0].Hyperparameters["lr"].Number, told.GetProperty("hyperparameters").GetProperty("lr").GetDouble());
        Assert.StartsWith("m0003/i000001-", told.GetProperty("checkpoint").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("m0 took m3's weights at interval 1", told.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Equal("3", call.Values["donor"]);
    }

    [Fact]
    public void A_failure_a_rescue_and_the_end_are_told()
    {
        var study = new TestStudy(Spec with { Mode = StudyMode.Synchronous, Population = 2, Budget = new Budget(Intervals: 2), Exploit = new TruncationExploit(0.5, 0.5), Trainer = new BuiltinTrainerSpec("plain") { MaxAttempts = 1 } });
        var first = study.Claim();
        var second = study.Claim();
        study.Complete(first, 1);
        study.Fail(second, "out of \u001b[31mluck\n");
        study.RunRound(static _ => 2);

        var calls = CallsOf(study);
        var failed = Json(Assert.Single(calls, static c => c.Kind == HookKind.Failed));
        Assert.Equal("crashed", failed.GetProperty("outcome").GetString());
        Assert.Equal("out of \u001b[31mluck\n", failed.GetProperty("reason").GetString());
        Assert.DoesNotContain('\u001b', failed.GetProperty("words").GetString()!);
        var rescue = Json(Assert.Single(calls, static c => c.Kind == HookKind.Rescue));
        Assert.Equal(0, rescue.GetProperty("donor").GetInt32());
        Assert.Equal(JsonValueKind.Null, rescue.GetProperty("score").ValueKind);
        var finished = Json(calls[^1]);
        Assert.Equal("finished", finished.GetProperty("kind").GetString());
        Assert.Equal("completed", finished.GetProperty("outcome").GetString());
        Assert.Equal(2, finished.GetProperty("score").GetDouble());
    }

    [Fact]
    public void A_lost_worker_and_a_stop_are_told()
    {
        var study = new TestStudy(Spec);
        study.Claim();
        StudyScheduler.Lose(study.Transaction, TestStudy.Worker, "it was silent");
        StudyScheduler.Stop(study.Transaction);

        var calls = CallsOf(study);

        Assert.Equal([HookKind.Lost, HookKind.Finished], calls.Select(static c => c.Kind));
        Assert.Equal("w1", Json(calls[0]).GetProperty("worker").GetString());
        Assert.Equal("stopped", Json(calls[1]).GetProperty("outcome").GetString());
        Assert.Equal(string.Empty, calls[1].Values["score"]);
    }

    [Fact]
    public void An_event_goes_by_the_spec_that_held_when_it_was_written()
    {
        var study = new TestStudy(Spec with { Hooks = HooksSpec.None });
        study.Complete(study.Claim(), 0.5);
        StudyScheduler.ChangeSpec(study.Transaction, Spec with { Hooks = new() { Commands = All.Commands.Remove(HookKind.Best) } }, ["on"]);
        study.Complete(study.Claim(), 0.7);

        Assert.Equal([HookKind.Interval], CallsOf(study).Select(static c => c.Kind));
    }

    [Fact]
    public void Every_key_is_always_there_and_every_event_with_a_hook_is_one_that_may_have_one()
    {
        var study = new TestStudy(Spec with { Budget = new Budget(Intervals: 3) });
        for (var round = 0; round < 3; round++)
            study.RunRound(member => member * round);

        var keys = "study version time kind member donor interval score checkpoint hyperparameters_before hyperparameters worker outcome reason words";
        Assert.All(CallsOf(study), call => Assert.Equal(keys, string.Join(' ', Json(call).EnumerateObject().Select(static p => p.Name))));
        Assert.All(CallsOf(study), static call => Assert.Equal(ArgumentTemplate.HookBuiltins.Order(StringComparer.Ordinal), call.Values.Keys.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void Hostile_names_stay_inside_their_texts()
    {
        const string Name = "lr\"},{\n$(reboot)`";
        var study = new TestStudy(Spec with { Hyperparameters = new SearchSpace([new FloatHyperparameter(Name, 0, 1, Scale.Linear)]) });
        study.Complete(study.Claim(), 0.5);

        var call = CallsOf(study)[0];

        Assert.Single(Encoding.UTF8.GetString(call.Json.Span), '\n');
        Assert.Equal(Name, Assert.Single(Json(call).GetProperty("hyperparameters").EnumerateObject()).Name);
    }

    private static List<HookCall> CallsOf(TestStudy study)
    {
        var state = new StudyState();
        var calls = new List<HookCall>();
        foreach (var recorded in study.AllEvents())
        {
            calls.AddRange(HookCalls.Of(recorded, state));
            state.Apply(recorded);
        }

        return calls;
    }

    private static JsonElement Json(HookCall call)
    {
        using var document = JsonDocument.Parse(call.Json);
        return document.RootElement.Clone();
    }
}

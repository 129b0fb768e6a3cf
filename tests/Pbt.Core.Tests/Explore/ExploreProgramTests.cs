using System.Text;
using System.Text.Json;
using Pbt.Core.Exploit;
using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Explore;

/// <summary>Explore by a user's program, and decisions outside the store's lock in general.</summary>
public sealed class ExploreProgramTests
{
    private static readonly SearchSpace Space = new(
    [
        new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log),
        new IntHyperparameter("epochs", 1, 10, Scale.Linear),
        new OrdinalHyperparameter("batch", [HyperparameterValue.Of(32L), HyperparameterValue.Of(64L)]),
        new BoolHyperparameter("norm"),
    ]);

    private static readonly StudySpec Asynchronous = TestStudy.AsynchronousSpec with
    {
        Hyperparameters = Space,
        Explore = new CommandExplore { Command = [new(["explore.sh"], Droppable: false)], WorkingDirectory = "/code" },
    };

    private static readonly StudySpec Synchronous = Asynchronous with { Mode = StudyMode.Synchronous };

    private readonly MemberDecisions _decisions = new(Synchronous);

    [Fact]
    public void The_program_is_handed_the_question_the_search_space_and_every_members_history()
    {
        var open = Due(Ended(Synchronous)).Single(static o => o.Explore is not null);
        using var document = JsonDocument.Parse(_decisions.Program!.Request(open.Explore!).Json);
        var request = document.RootElement;
        Assert.Equal(0, request.GetProperty("member").GetInt32());
        Assert.Equal(3, request.GetProperty("donor").GetInt32());
        Assert.Equal("maximize", request.GetProperty("goal").GetString());
        Assert.Equal(open.Explore!.From["lr"].Number, request.GetProperty("from").GetProperty("lr").GetDouble());
        Assert.Equal(1e-5, request.GetProperty("hyperparameters").GetProperty("lr").GetProperty("min").GetDouble());
        Assert.Equal([0.0, 1, 2, 3], request.GetProperty("population").EnumerateArray().Select(static m => m.GetProperty("history")[0].GetProperty("score").GetDouble()));
    }

    [Fact]
    public void Names_that_the_program_leaves_out_keep_their_values_and_numbers_are_clamped()
    {
        var context = Due(Ended(Synchronous)).Single(static o => o.Explore is not null).Explore!;
        var answer = _decisions.Program!.Read(context, """{"lr": 5, "epochs": 40.0, "batch": 32}""").Hyperparameters;
        Assert.NotNull(answer);
        Assert.Equal(0.1, answer["lr"].Number);
        Assert.Equal(10, answer["epochs"].Integer);
        Assert.Equal(32, answer["batch"].Integer);
        Assert.Equal(context.From["norm"], answer["norm"]);
    }

    [Theory]
    [InlineData("", "no JSON")]
    [InlineData("[1]", "a list")]
    [InlineData("""{"lr": "fast"}""", "lr = \"fast\", which is not a float from")]
    [InlineData("""{"lr": NaN}""", "no JSON")]
    [InlineData("""{"lr": 1e999}""", "which is not a float")]
    [InlineData("""{"epochs": 2.5}""", "epochs = 2.5, which is not")]
    [InlineData("""{"batch": 48}""", "batch = 48, which is not")]
    [InlineData("""{"norm": null}""", "norm = null, which is not")]
    [InlineData("""{"learning_rate": 1}""", "'learning_rate', which is no hyperparameter; there are lr, epochs, batch, norm")]
    public void An_answer_that_cannot_be_used_is_refused_with_what_is_wrong(string answer, string objection)
    {
        var context = Due(Ended(Synchronous)).Single(static o => o.Explore is not null).Explore!;
        Assert.Contains(objection, _decisions.Program!.Read(context, answer).Objection, StringComparison.Ordinal);
    }

    [Fact]
    public void A_generation_waits_for_its_proposals_and_goes_on_as_a_whole()
    {
        var study = Ended(Synchronous);
        Assert.All(study.State.Members, static member => Assert.Equal(MemberPhase.Undecided, member.Phase));
        Assert.IsType<ClaimResult.Wait>(study.TryClaim());
        Assert.False(study.State.HasEnded);

        var proposed = Answered(study);
        Assert.Equal(4, proposed.Count);
        Assert.True(StudyScheduler.Propose(study.Transaction, proposed, _decisions));
        Assert.All(study.State.Members, static member => Assert.Equal(MemberPhase.Ready, member.Phase));
        Assert.Equal(0.01, study[0].Hyperparameters["lr"].Number);
    }

    [Fact]
    public void Others_go_on_while_a_member_of_an_asynchronous_study_waits_for_its_proposal()
    {
        var study = Ended(Asynchronous);
        study.RunRound(static member => member);
        Assert.Equal(MemberPhase.Undecided, study[0].Phase);
        Assert.Equal(MemberPhase.Ready, study[3].Phase);
        Assert.Equal(new MemberId(0), Assert.Single(Proposals.Due(study.State, new MemberDecisions(Asynchronous))));
    }

    [Fact]
    public void Of_two_proposals_for_one_member_the_first_counts()
    {
        var study = Ended(Synchronous);
        var proposed = Answered(study);
        Assert.True(StudyScheduler.Propose(study.Transaction, proposed, _decisions));
        var version = study.State.Version;
        Assert.False(StudyScheduler.Propose(study.Transaction, proposed, _decisions));
        Assert.Equal(version, study.State.Version);
    }

    [Fact]
    public void A_proposal_from_before_a_change_of_the_spec_is_refused()
    {
        var study = Ended(Synchronous);
        var proposed = Answered(study);
        StudyScheduler.ChangeSpec(study.Transaction, Synchronous with { Budget = new Budget(Intervals: 9) }, ["budget.intervals"]);
        Assert.False(StudyScheduler.Propose(study.Transaction, proposed, _decisions));
    }

    [Fact]
    public void Verify_recomputes_what_the_program_was_handed_and_who_was_copied()
    {
        var log = Finished();
        Assert.Empty(Verify(log).Differences);

        var index = log.FindIndex(static r => Verification.ProposedBy(r) is { Action: MemberAction.Exploit });
        var decided = (MemberDecided)log[index].Event;
        foreach (var forged in (MemberDecided[])
        [
            decided with { Proposal = decided.Proposal! with { Request = "00" } },
            decided with { Hyperparameters = Space.Build((_, d) => d.FromUnit(0.5)), Donor = new MemberId(1) },
            decided with { Hyperparameters = Hyperparameters.Empty },
        ])
        {
            var copy = log.ToList();
            copy[index] = copy[index] with { Event = forged };
            Assert.Contains(Verify(copy).Differences, d => d.Version == copy[index].Version);
        }
    }

    [Fact]
    public void What_a_program_is_handed_does_not_depend_on_time_or_workers()
    {
        var plain = Ended(Synchronous);
        var troubled = new TestStudy(Synchronous);
        troubled.Join(new WorkerId("other"));
        StudyScheduler.Lose(troubled.Transaction, new WorkerId("other"), "gone");
        troubled.At(TimeSpan.FromHours(3));
        troubled.Fail(troubled.Claim());
        troubled.RunRound(static member => member);
        var (one, other) = (Request(plain), Request(troubled));
        Assert.Equal(one, other);
    }

    private string Request(TestStudy study) =>
        Encoding.UTF8.GetString(_decisions.Program!.Request(Due(study).Single(static o => o.Explore is not null).Explore!).Json.Span);

    /// <summary>A study whose first interval has ended, with member i at score i.</summary>
    private static TestStudy Ended(StudySpec spec)
    {
        var study = new TestStudy(spec);
        study.RunRound(static member => member);
        return study;
    }

    private List<OpenDecision> Due(TestStudy study)
    {
        var ranking = Ranking.Latest(study.State);
        return [.. study.State.Members.Select(member => _decisions.Open(study.State, member, ranking)).OfType<OpenDecision>()];
    }

    private IReadOnlyList<MemberDecided> Answered(TestStudy study)
    {
        var proposals = new Proposals(StudySnapshot.Copy(study.State), _decisions);
        while (proposals.Next() is { } open)
        {
            if (open.Explore is not { } context)
                proposals.Add(open.Frame);
            else
                proposals.Add(open.Frame with { Hyperparameters = _decisions.Program!.Read(context, """{"lr": 0.01}""").Hyperparameters }, _decisions.Program.Request(context).Digest);
        }

        return proposals.Decided;
    }

    private List<RecordedEvent> Finished()
    {
        var study = Ended(Synchronous);
        while (!study.State.HasEnded)
        {
            StudyScheduler.Propose(study.Transaction, Answered(study), _decisions);
            study.RunRound(static member => member);
        }

        return [.. study.AllEvents()];
    }

    private static VerificationResult Verify(List<RecordedEvent> log)
    {
        var verification = new Verification(log.Select(Verification.ProposedBy).OfType<MemberDecided>());
        foreach (var recorded in log)
            verification.Verify(recorded);

        return verification.Result;
    }
}

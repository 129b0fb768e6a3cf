using Pbt.Core.Population;
using Pbt.Core.Population.Snapshots;
using Pbt.Core.Scheduling;
using Pbt.Core.SearchSpaces;
using Pbt.Core.Studies;

namespace Pbt.Core.Tests.Explore.Bandits;

/// <summary>Runs studies whose gain in an interval is a function of its hyperparameters.</summary>
internal sealed class BanditStudy
{
    private readonly MemberDecisions _decisions;
    private readonly Func<Hyperparameters, double> _gain;

    public BanditStudy(StudySpec spec, Func<Hyperparameters, double> gain)
    {
        _decisions = new MemberDecisions(spec);
        _gain = gain;
        Study = new TestStudy(spec);
    }

    public static SearchSpace Space { get; } = new(
    [
        new FloatHyperparameter("lr", 1e-5, 1e-1, Scale.Log),
        new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd"), HyperparameterValue.Of("rmsprop")]),
        new IntHyperparameter("epochs", 1, 10, Scale.Linear),
        new BoolHyperparameter("normalize"),
        new OrdinalHyperparameter("batch", [HyperparameterValue.Of(32), HyperparameterValue.Of(64), HyperparameterValue.Of(128)]),
    ]);

    public TestStudy Study { get; }

    public StudyState State => Study.State;

    public static StudySpec Spec(ExploreSpec explore, StudyMode mode = StudyMode.Synchronous, int intervals = 12) => TestStudy.AsynchronousSpec with
    {
        Mode = mode,
        Population = 6,
        Hyperparameters = Space,
        Budget = new(Intervals: intervals),
        Exploit = new TruncationExploit(0.34, 0.34),
        Explore = explore,
    };

    /// <summary>A gain that is best at a learning rate of 10⁻³ and with adam.</summary>
    public static double Gain(Hyperparameters h) =>
        3 - Math.Abs(Math.Log10(h["lr"].Number) + 3) + (h["optimizer"] == HyperparameterValue.Of("adam") ? 2 : 0) + (0.01 * h["epochs"].Number);

    /// <summary>Runs to the end; in each round the members complete in their order, or in the opposite one.</summary>
    public BanditStudy Run(bool backwards = false)
    {
        while (!State.HasEnded)
            Round(backwards);

        return this;
    }

    /// <summary>Runs one interval of every member that is ready, then proposes what is due.</summary>
    public void Round(bool backwards = false)
    {
        var assignments = new List<Assignment>();
        while (Study.TryClaim() is ClaimResult.Claimed { Assignment: var assignment })
            assignments.Add(assignment);

        if (backwards)
            assignments.Reverse();

        foreach (var assignment in assignments)
        {
            Study.Complete(assignment, Score(assignment));
            Propose();
        }
    }

    public IReadOnlyList<Hyperparameters> Tried() => [.. State.Members.SelectMany(static m => m.History).Select(static r => r.Hyperparameters)];

    public VerificationResult Verify()
    {
        var log = Study.AllEvents().ToList();
        var verification = new Verification(log.Select(Verification.ProposedBy).OfType<MemberDecided>());
        foreach (var recorded in log)
            verification.Verify(recorded);

        return verification.Result;
    }

    private double Score(Assignment assignment)
    {
        var sign = State.Spec.Objective.Goal == Goal.Maximize ? 1 : -1;
        var before = assignment.CheckpointIn is { } start ? State.Find(start)!.Score!.Value : 0;
        return before + (sign * _gain(assignment.Hyperparameters));
    }

    private void Propose()
    {
        while (!Proposals.Due(State, _decisions).IsEmpty)
            Assert.True(StudyScheduler.Propose(Study.Transaction, new Proposals(StudySnapshot.Copy(State), _decisions).Complete(), _decisions));
    }
}

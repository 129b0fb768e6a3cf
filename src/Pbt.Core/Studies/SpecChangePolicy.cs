using System.Globalization;
using Pbt.Core.Studies.Reading;

namespace Pbt.Core.Studies;

/// <summary>Whether a study that has begun may go on with a change to its spec.</summary>
/// <param name="Reason">Why, as a clause.</param>
public abstract record SpecChangeVerdict(string Reason)
{
    /// <summary>It goes on: the change extends the budget, or is about how the work is carried out.</summary>
    public sealed record Free(string Reason) : SpecChangeVerdict(Reason);

    /// <summary>It goes on if the user accepts the change by name.</summary>
    public sealed record NeedsAcceptance(string Reason) : SpecChangeVerdict(Reason);

    /// <summary>It does not go on: the decisions already taken would not be those of the new spec.</summary>
    public sealed record Refused(string Reason) : SpecChangeVerdict(Reason);
}

/// <summary>Judges changes to the spec of a study that has begun.</summary>
public static class SpecChangePolicy
{
    private static readonly (string Section, string Reason)[] Free =
    [
        ("resources", "it is about where attempts run, not about what is decided"),
        ("lease", "it is about how soon a silent worker counts as dead, not about what is decided"),
        ("backend", "it is about what starts workers, not about what is decided"),
        ("on", "hooks are told what happens and decide nothing"),
        ("hook_timeout", "hooks are told what happens and decide nothing"),
        ("checkpoints", "it is about which checkpoints are kept, not about what is decided"),
    ];

    private static readonly (string Section, string Reason)[] Acceptable =
    [
        ("trainer", "intervals trained from now on may not be comparable with those before"),
        ("evaluate", "scores from now on may not be comparable with those before"),
    ];

    private static readonly (string Section, string Reason)[] Refusals =
    [
        ("checkpoints.store", "the checkpoints there are would not be found; a study's checkpoints stay where it was created with"),
        ("checkpoints.endpoint", "it is a part of where the checkpoints are; PBT_S3_ENDPOINT names another way to the same server on a machine"),
        ("checkpoints.region", "it is a part of where the checkpoints are"),
        ("name", "the name is the study's identity"),
        ("seed", "every random draw depends on it"),
        ("population", "every ranking so far was among the members there were"),
        ("mode", "the order of decisions depends on it"),
        ("compare", "every ranking so far depends on it"),
        ("max_lead", "the order of intervals so far depends on it"),
        ("objective", "every ranking so far depends on it"),
        ("interval", "the intervals completed so far have the old length"),
        ("burn_in", "which intervals could exploit so far depends on it"),
        ("hyperparameters", "the values drawn so far are of the old search space"),
        ("initial", "the members have begun"),
        ("ancestor", "where the study comes from does not change"),
        ("exploit", "the decisions so far depend on it"),
        ("explore", "the decisions so far depend on it"),
    ];

    /// <summary>Judges one change.</summary>
    /// <param name="change">The change, of <see cref="SpecDifference"/>.</param>
    /// <param name="goal">The study's goal: whether a higher or a lower score is further away.</param>
    public static SpecChangeVerdict Classify(SpecChange change, Goal goal)
    {
        if (change.IsIn("budget"))
            return Budget(change, goal);

        if (ReasonFor(Refusals, change) is { } fixedForGood)
            return new SpecChangeVerdict.Refused(fixedForGood);

        if (ReasonFor(Free, change) is { } harmless)
            return new SpecChangeVerdict.Free(harmless);

        if (ReasonFor(Acceptable, change) is { } acceptable)
            return new SpecChangeVerdict.NeedsAcceptance(acceptable);

        return new SpecChangeVerdict.Refused("the decisions so far may depend on it");
    }

    private static string? ReasonFor((string Section, string Reason)[] sections, SpecChange change) =>
        sections.FirstOrDefault(s => change.IsIn(s.Section)).Reason;

    private static SpecChangeVerdict Budget(SpecChange change, Goal goal)
    {
        if (change.New is null)
            return new SpecChangeVerdict.Free("it removes a limit");

        if (change.Old is null)
            return new SpecChangeVerdict.NeedsAcceptance("it adds a limit, which may end the study sooner");

        return Extends(change, goal)
            ? new SpecChangeVerdict.Free("it extends the budget")
            : new SpecChangeVerdict.NeedsAcceptance("it shortens the budget, which may end the study sooner");
    }

    private static bool Extends(SpecChange change, Goal goal)
    {
        if (change.IsIn("budget.wall_clock"))
            return SpecDuration.Parse(change.New!) >= SpecDuration.Parse(change.Old!);

        var (before, after) = (Number(change.Old!), Number(change.New!));
        return change.IsIn("budget.score") && goal == Goal.Minimize ? after <= before : after >= before;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}

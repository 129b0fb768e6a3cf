using System.Collections.Immutable;

namespace Pbt.Core.Studies.Reading;

/// <summary>Reads <c>explore: { strategy: schedule }</c>.</summary>
internal static class ScheduleSection
{
    private const string Example = "changes: [ { from_step: 0, hyperparameters: { learning_rate: 1.0e-3 } }, … ]";

    /// <summary>Reads the changes; each begins where an interval does.</summary>
    public static ScheduleExplore? Read(SectionReader section, DeclaredSpace space, IntervalLength? interval)
    {
        if (section.Required("changes", $"write {Example}") is not { } list || Changes(list, space) is not { } changes)
            return null;

        if (interval is { Steps: null, Seconds: not null })
            section.Fail("a schedule counts in steps; write interval: { steps: N }");
        else if (interval?.Steps is { } steps && changes.FirstOrDefault(c => c.FromStep % steps != 0) is { } between)
            list.Fail($"the change at step {between.FromStep} is inside an interval of {steps} steps; hyperparameters change between intervals: move it, or write interval: {{ steps: {Common(changes, steps)} }}");

        return new(changes);
    }

    /// <summary>Reads a list of changes in the order of their steps, the first at step 0.</summary>
    public static ImmutableArray<HyperparameterChange>? Changes(SpecValue list, DeclaredSpace space)
    {
        if (list.List(Example) is not { } items)
            return null;

        if (items.Length == 0)
            list.Fail($"the schedule is empty; write {Example}");

        var changes = ImmutableArray.CreateBuilder<HyperparameterChange>();
        var before = -1L;
        foreach (var item in items)
        {
            if (list.Errors.Full)
                return null;

            if (item.Section(SpecSections.ExploreChange) is { } section && Change(section, space, ref before) is { } change)
                changes.Add(change);
        }

        return changes.Count == items.Length && items.Length > 0 ? changes.ToImmutable() : null;
    }

    /// <summary>Reports what a schedule does not go together with.</summary>
    public static void Check(SectionReader root, ExploitSpec? exploit, int burnIn, bool candidates)
    {
        if (exploit is not (null or NoExploit))
            root.FailKey(root.Has("exploit") ? "exploit" : "explore", "a schedule is for members that nobody replaces; write exploit: { strategy: none }");

        if (candidates)
            root.FailKey("initial", "candidates are chosen before hyperparameters may change; remove initial.candidates");

        if (burnIn > 0)
            root.FailKey("burn_in", "a schedule says itself when hyperparameters change; remove burn_in");
    }

    /// <summary>The longest interval that all changes and an interval of some steps consist of.</summary>
    public static long Common(IEnumerable<HyperparameterChange> changes, long steps)
    {
        foreach (var change in changes)
            steps = Common(steps, change.FromStep);

        return steps;
    }

    /// <summary>The greatest common divisor.</summary>
    public static long Common(long a, long b)
    {
        while (b != 0)
            (a, b) = (b, a % b);

        return a;
    }

    private static HyperparameterChange? Change(SectionReader section, DeclaredSpace space, ref long before)
    {
        var at = section.Required("from_step", "write the trainer steps after which these values hold; the first is from_step: 0");
        var step = at?.Integer(0);
        if (step is { } known && CheckOrder(known, before) is { } objection)
            at!.Fail(objection);

        before = step ?? before;
        var values = section.Required("hyperparameters", "write the value of every hyperparameter");

        // Without a search space each value would be an error: those of the definitions are enough.
        if (space.Space is null || values is null || GivenHyperparameters.Read(values, space, "change") is not { } given || step is null)
            return null;

        return new(step.Value, given);
    }

    /// <summary>What is wrong with a step after the one before it (−1: it is the first), or null.</summary>
    public static string? CheckOrder(long step, long before) =>
        before < 0 && step != 0 ? $"the first values hold from step 0, not from {step}; write from_step: 0"
        : step <= before ? $"step {step} is not after step {before} of the change before; give the changes in their order"
        : null;
}

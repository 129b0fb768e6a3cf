using System.Collections.Immutable;
using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>A spec and what it is called in a comparison.</summary>
/// <param name="Name">Its name there.</param>
/// <param name="Spec">The spec.</param>
public sealed record NamedSpec(string Name, StudySpec Spec);

/// <summary>Whether studies may be compared.</summary>
/// <remarks>Pure. Clauses and sentences are fit to be shown to a user.</remarks>
public static class Fairness
{
    private static readonly ImmutableArray<string> Circumstances = ["hyperparameters", "initial.checkpoint", "trainer", "evaluate"];

    // How a trainer is watched over does not change what it learns.
    private static readonly ImmutableArray<string> Harmless = ["trainer.working_directory", "trainer.max_attempts", "trainer.grace"];

    /// <summary>Why scores of these studies have nothing to do with each other, or null.</summary>
    public static string? Incomparable(IReadOnlyList<NamedSpec> specs)
    {
        foreach (var other in specs.Skip(1))
        {
            if (other.Spec.Objective != specs[0].Spec.Objective)
                return $"{Says(specs[0])} but {Says(other)}: only scores of the same metric and goal can be compared";
        }

        return null;
    }

    /// <summary>Why these studies may get unequal training; empty if they get the same.</summary>
    public static ImmutableArray<string> Inequalities(IReadOnlyList<NamedSpec> specs)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var (name, spec) in specs)
            found.AddRange(TrainingBudget.Uncertainties(spec).Select(clause => $"{name}: {clause}"));

        var known = specs.Select(static s => (s.Name, Training: TrainingBudget.Of(s.Spec))).Where(static s => s.Training is not null).ToList();
        foreach (var (name, training) in known.Skip(1))
        {
            if (!training!.IsAsMuchAs(known[0].Training!))
                found.Add($"{known[0].Name} trains {known[0].Training}, {name} trains {training}");
        }

        return found.ToImmutable();
    }

    /// <summary>What else differs from the first study, besides strategies and budgets; sentences.</summary>
    public static ImmutableArray<string> Differences(IReadOnlyList<NamedSpec> specs)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        foreach (var other in specs.Skip(1))
        {
            var paths = SpecDifference.Between(specs[0].Spec, other.Spec)
                .Where(static change => Circumstances.Any(change.IsIn) && !Harmless.Any(change.IsIn) && !change.Path.EndsWith(".initial_range", StringComparison.Ordinal))
                .Select(static change => change.Path)
                .Distinct(StringComparer.Ordinal)
                .ToList();
            if (paths.Count > 0)
                found.Add($"{other.Name} differs from {specs[0].Name} in {string.Join(", ", paths)} too.");
        }

        return found.ToImmutable();
    }

    private static string Says(NamedSpec named) => $"{named.Name} is to {(named.Spec.Objective.Goal == Goal.Maximize ? "maximize" : "minimize")} {named.Spec.Objective.Metric}";
}

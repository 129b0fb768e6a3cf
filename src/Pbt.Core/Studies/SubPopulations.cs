using System.Collections.Immutable;
using System.Globalization;
using Pbt.Core.Population;

namespace Pbt.Core.Studies;

/// <summary>Consecutive members that form a group.</summary>
/// <param name="Index">Which group, from 0.</param>
/// <param name="Name">What people call it.</param>
/// <param name="First">The index of its first member.</param>
/// <param name="Count">How many members it has.</param>
public sealed record SubPopulation(int Index, string Name, int First, int Count)
{
    /// <summary>Whether the member is in it.</summary>
    public bool Has(MemberId member) => member.Value >= First && member.Value < First + Count;
}

/// <summary>Which member is in which sub-population: a function of the spec and the member's index.</summary>
public static class SubPopulations
{
    /// <summary>The fewest members of a sub-population: one for each quarter.</summary>
    public const int LeastSize = 4;

    /// <summary>The study's sub-populations in the order of their members; empty if its exploit has none.</summary>
    /// <remarks>Their sizes differ by at most one; the larger ones come first.</remarks>
    public static ImmutableArray<SubPopulation> Of(StudySpec spec) => spec.Exploit switch
    {
        MultipleFrequenciesExploit exploit => Divide(0, spec.Population, [.. exploit.Frequencies.Select(Every)]),
        FireExploit fire => Fire(spec.Population, fire),
        _ => [],
    };

    /// <summary>The sub-population of a member, or null if the study has none.</summary>
    public static SubPopulation? Of(StudySpec spec, MemberId member) => Of(spec).FirstOrDefault(g => g.Has(member));

    /// <summary>How many members evaluate: ⌈N·q⌉, at most ⌊N/2⌋, computed in decimals.</summary>
    public static int EvaluatorsOf(FireExploit exploit, int population) =>
        Math.Min((int)Math.Ceiling(population * (decimal)exploit.Evaluators), population / 2);

    private static ImmutableArray<SubPopulation> Fire(int population, FireExploit exploit)
    {
        var evaluators = EvaluatorsOf(exploit, population);
        var names = Enumerable.Range(1, exploit.SubPopulations).Select(static i => string.Create(CultureInfo.InvariantCulture, $"P{i}"));
        return [
            .. Divide(0, population - evaluators, [.. names]),
            new SubPopulation(exploit.SubPopulations, "evaluators", population - evaluators, evaluators)];
    }

    private static string Every(int frequency) => string.Create(CultureInfo.InvariantCulture, $"every {frequency}");

    private static ImmutableArray<SubPopulation> Divide(int first, int count, ImmutableArray<string> names)
    {
        var groups = ImmutableArray.CreateBuilder<SubPopulation>(names.Length);
        for (var i = 0; i < names.Length; i++)
        {
            var size = (count / names.Length) + (i < count % names.Length ? 1 : 0);
            groups.Add(new SubPopulation(i, names[i], first, size));
            first += size;
        }

        return groups.MoveToImmutable();
    }
}

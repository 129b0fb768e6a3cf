using System.Collections.Immutable;
using Pbt.Core.Studies;

namespace Pbt.Core.Comparisons;

/// <summary>One study of a comparison: a spec, run with several seeds.</summary>
/// <param name="Name">What it is called in the comparison; unique there.</param>
/// <param name="Spec">What was run; its seed does not count.</param>
/// <param name="Runs">At least one, each with a seed of its own.</param>
public sealed record StudyRuns(string Name, StudySpec Spec, ImmutableArray<RunOutcome> Runs);

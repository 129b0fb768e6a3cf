namespace Pbt.Chaos.Checks;

/// <summary>All that is checked of a study's directory at rest.</summary>
internal static class StudyCheck
{
    /// <summary>Checks a directory after <c>pbt gc</c>.</summary>
    /// <param name="study">The study's directory.</param>
    /// <param name="acknowledged">What was seen to be acknowledged.</param>
    /// <param name="mayFallBack">Whether checkpoints were damaged, so that attempts may have failed for want of them.</param>
    public static List<Violation> Of(string study, Acknowledgements acknowledged, bool mayFallBack)
    {
        var bytes = File.ReadAllBytes(Path.Combine(study, "journal.jsonl"));
        var violations = JournalText.Check(bytes).ToList();
        var text = JournalText.Read(bytes);
        violations.AddRange(acknowledged.Check(text.Lines));
        var history = History.Of(text.Lines);
        violations.AddRange(history.Violations);
        if (!mayFallBack)
            violations.AddRange(Failures(history));

        if (!history.IsCompleted)
            violations.Add(new Violation(Invariant.Progress, "the study has not completed"));

        if (history.Running.Count > 0)
            violations.Add(new Violation(Invariant.Leftovers, $"attempts still run in the journal: {string.Join(", ", history.Running)}"));

        if (violations.Exists(static v => v.Invariant is Invariant.Checkpoints))
            return violations;

        var lineages = new Lineages(history.Produced);
        violations.AddRange(lineages.CheckScores());
        violations.AddRange(CheckpointCheck.Of(Path.Combine(study, "checkpoints"), history, lineages));
        violations.AddRange(CheckpointCheck.Leftovers(study, history));
        return violations;
    }

    /// <summary>This trainer never fails by itself: an attempt that failed was killed, or its files were taken away.</summary>
    public static IEnumerable<Violation> Failures(History history) => history.Failures
        .Where(static failure => failure.Kind != "killed")
        .Select(static failure => new Violation(Invariant.Failures, $"an attempt failed as {failure.Kind}: {failure.Reason}"));
}

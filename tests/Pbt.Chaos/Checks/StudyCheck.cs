namespace Pbt.Chaos.Checks;

/// <summary>All that is checked of a study's directory at rest.</summary>
internal static class StudyCheck
{
    /// <summary>Checks a directory after <c>pbt gc</c>.</summary>
    /// <param name="study">The study's directory.</param>
    /// <param name="acknowledged">What was seen to be acknowledged.</param>
    /// <param name="spoilt">The checkpoints that the adversary damaged, with the journal's version at that moment.</param>
    public static List<Violation> Of(string study, Acknowledgements acknowledged, IReadOnlyDictionary<CheckpointName, long>? spoilt = null)
    {
        spoilt ??= new Dictionary<CheckpointName, long>();
        var bytes = File.ReadAllBytes(Path.Combine(study, "journal.jsonl"));
        var violations = JournalText.Check(bytes).ToList();
        var text = JournalText.Read(bytes);
        violations.AddRange(acknowledged.Check(text.Lines));
        var history = History.Of(text.Lines);
        violations.AddRange(history.Violations);
        violations.AddRange(Damage(history, spoilt));

        // An attempt may have begun before what it starts from was damaged.
        if (spoilt.Count == 0)
            violations.AddRange(Failures(history));

        if (!history.IsCompleted)
            violations.Add(new Violation(Invariant.Progress, "the study has not completed"));

        if (history.Running.Count > 0)
            violations.Add(new Violation(Invariant.Leftovers, $"attempts still run in the journal: {string.Join(", ", history.Running)}"));

        if (violations.Exists(static v => v.Invariant is Invariant.Checkpoints))
            return violations;

        var lineages = new Lineages(history.Produced);
        violations.AddRange(lineages.CheckScores());
        violations.AddRange(CheckpointCheck.Of(Path.Combine(study, "checkpoints"), history, lineages, spoilt));
        violations.AddRange(CheckpointCheck.Leftovers(study, history));
        return violations;
    }

    /// <summary>What was damaged before an attempt started is not what that attempt's interval was trained from; nothing else counts as damaged.</summary>
    public static IEnumerable<Violation> Damage(History history, IReadOnlyDictionary<CheckpointName, long> spoilt) =>
    [
        .. history.Produced.Values
            .Where(interval => interval.Start is { } start && spoilt.TryGetValue(start, out var since) && interval.Started > since)
            .Select(static interval => new Violation(Invariant.Damage, $"{interval.Name} started from {interval.Start}")),
        .. history.Damaged.Where(name => !spoilt.ContainsKey(name)).Select(static name => new Violation(Invariant.Damage, $"{name} counts as damaged, and nobody damaged it")),
    ];

    /// <summary>This trainer never fails by itself: an attempt that failed was killed, or its files were taken away.</summary>
    public static IEnumerable<Violation> Failures(History history) => history.Failures
        .Where(static failure => failure.Kind != "killed")
        .Select(static failure => new Violation(Invariant.Failures, $"an attempt failed as {failure.Kind}: {failure.Reason}"));
}

namespace Pbt.Chaos.Checks;

/// <summary>Something that must never be.</summary>
/// <param name="Invariant">Which invariant it breaks, in a few words.</param>
/// <param name="What">What was found.</param>
internal sealed record Violation(string Invariant, string What)
{
    public override string ToString() => $"{Invariant}: {What}";
}

/// <summary>The names of the invariants.</summary>
internal static class Invariant
{
    public const string Journal = "the journal is whole";
    public const string Acknowledged = "what was acknowledged stays";
    public const string CountedOnce = "no interval counts twice";
    public const string Fenced = "no attempt ends that is not running";
    public const string Failures = "only what was killed failed";
    public const string Checkpoints = "every needed checkpoint is there";
    public const string Manifest = "checkpoints match their manifests";
    public const string Content = "checkpoints hold what was trained";
    public const string Damage = "nothing is trained from what is damaged";
    public const string Scores = "scores are the trainer's";
    public const string Verify = "pbt verify holds";
    public const string Digest = "the outcome is that of an undisturbed run";
    public const string Leftovers = "nothing is left behind";
    public const string Behaviour = "pbt behaves";
    public const string Progress = "the study completes";
}

namespace Pbt.Core.Population;

/// <summary>How often an interval's attempts have failed, by whose doing.</summary>
/// <param name="Own">By the trainer's.</param>
/// <param name="Killed">By a signal from outside: repeated as it was, so that the killing changes nothing.</param>
public readonly record struct FailureCount(int Own, int Killed)
{
    /// <summary>Kills of one interval after which it fails: a trainer that needs more memory than there is must not be repeated for ever.</summary>
    public const int MaxKills = 10;

    /// <summary>Both together.</summary>
    public int Total => Own + Killed;

    /// <summary>The count with one more failure of this kind.</summary>
    public FailureCount With(FailureKind kind) => kind == FailureKind.Killed ? this with { Killed = Killed + 1 } : this with { Own = Own + 1 };

    /// <summary>Whether no attempt is left.</summary>
    /// <param name="maxAttempts">How often the trainer may fail by its own doing.</param>
    public bool IsExhausted(int maxAttempts) => Own >= maxAttempts || Killed >= MaxKills;
}

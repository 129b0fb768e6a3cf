using Pbt.Core.Population;
using Pbt.Core.Wording;
using Pbt.Runtime.Processes;
using Pbt.Runtime.Trainers.Command;

namespace Pbt.Runtime.Trainers.Session;

/// <summary>Why a resident trainer is ended, or has ended.</summary>
/// <remarks>Pure.</remarks>
internal abstract record SessionEnd
{
    private SessionEnd()
    {
    }

    /// <summary>What becomes of an attempt that runs in it.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="status">How the trainer's process ended.</param>
    public abstract TrainerOutcome OutcomeFor(long attempt, ExitStatus status);

    /// <summary>The worker ends it: what runs is given back.</summary>
    public sealed record Interrupted : SessionEnd
    {
        /// <inheritdoc/>
        public override TrainerOutcome OutcomeFor(long attempt, ExitStatus status) => new TrainerOutcome.Interrupted();
    }

    /// <summary>It has ended or closed its connection by itself.</summary>
    /// <param name="HasEnded">Whether its process has ended by itself as well.</param>
    public sealed record Closed(bool HasEnded) : SessionEnd
    {
        /// <inheritdoc/>
        public override TrainerOutcome OutcomeFor(long attempt, ExitStatus status) => HasEnded
            ? new TrainerOutcome.Failed(AttemptProgram.KindOf(status), $"the trainer ended with {status} in the middle of the interval")
            : new TrainerOutcome.Failed(FailureKind.BrokenProtocol, "the trainer closed its connection in the middle of the interval");
    }

    /// <summary>It has broken the protocol.</summary>
    /// <param name="Reason">How.</param>
    /// <param name="Culprit">The attempt that is to blame; null if that cannot be said.</param>
    public sealed record Broken(string Reason, long? Culprit = null) : SessionEnd
    {
        /// <inheritdoc/>
        public override TrainerOutcome OutcomeFor(long attempt, ExitStatus status) => Culprit is { } culprit && culprit != attempt
            ? new TrainerOutcome.Interrupted()
            : new TrainerOutcome.Failed(FailureKind.BrokenProtocol, $"the trainer broke the session protocol: {Reason}");
    }

    /// <summary>One attempt has taken too long.</summary>
    /// <param name="Culprit">Which.</param>
    /// <param name="Limit">Longer than this.</param>
    public sealed record TimedOut(long Culprit, TimeSpan Limit) : SessionEnd
    {
        /// <inheritdoc/>
        public override TrainerOutcome OutcomeFor(long attempt, ExitStatus status) => Culprit == attempt
            ? new TrainerOutcome.Failed(FailureKind.TimedOut, $"the trainer took longer than its timeout of {Words.Exactly(Limit)}")
            : new TrainerOutcome.Interrupted();
    }

    /// <summary>It has said nothing for too long, although it had promised to.</summary>
    /// <param name="Limit">For longer than this.</param>
    public sealed record Silent(TimeSpan Limit) : SessionEnd
    {
        /// <inheritdoc/>
        public override TrainerOutcome OutcomeFor(long attempt, ExitStatus status) => new TrainerOutcome.Failed(
            FailureKind.TimedOut,
            $"the trainer hangs: it had promised heartbeats and was silent for {Words.Exactly(Limit)} (trainer.silence)");
    }
}

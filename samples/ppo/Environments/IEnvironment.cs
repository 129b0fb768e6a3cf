namespace Pbt.Samples.Ppo.Environments;

/// <summary>What came of a step.</summary>
/// <param name="Reward">What the step earned.</param>
/// <param name="Terminated">The episode is over: nothing is to be earned from here.</param>
/// <param name="Truncated">The time limit cut the episode: it would have gone on earning.</param>
public readonly record struct StepOutcome(double Reward, bool Terminated, bool Truncated)
{
    public bool Ended => Terminated || Truncated;
}

/// <summary>A task that is done in episodes of steps.</summary>
/// <remarks>Not safe for concurrent use. All that is random is drawn from the generator that is handed in.</remarks>
public interface IEnvironment
{
    /// <summary>What the running episode has earned.</summary>
    double EpisodeReturn { get; }

    /// <summary>Starts an episode.</summary>
    void Reset(Generator random);

    /// <summary>Takes one step.</summary>
    /// <param name="action">As the task's policy draws it.</param>
    StepOutcome Step(ReadOnlySpan<float> action);

    /// <summary>Writes what a policy may see of the state.</summary>
    /// <param name="observations">A batch, feature-major.</param>
    /// <param name="sample">Which of its samples to write.</param>
    /// <param name="batch">How many samples it has.</param>
    void Observe(Span<float> observations, int sample, int batch);

    /// <summary>Writes all that the running episode needs to go on.</summary>
    void Save(BinaryWriter writer);

    /// <summary>Reads back what <see cref="Save"/> wrote.</summary>
    void Load(BinaryReader reader);
}

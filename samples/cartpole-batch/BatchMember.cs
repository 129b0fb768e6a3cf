using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch;

/// <summary>A member in a batch: where it stands, and what it is trained with.</summary>
/// <param name="State">Trained in place; of <see cref="PpoTask.CartPole"/>.</param>
/// <param name="Hyperparameters">Its own.</param>
/// <param name="Steps">Environment steps, rounded up to whole rollouts.</param>
/// <param name="Report">Called after each rollout, by whichever thread trains it; may be null.</param>
public sealed record BatchMember(TrainingState State, Hyperparameters Hyperparameters, long Steps, Action<TrainingProgress>? Report = null);

namespace Pbt.Samples.Cartpole;

/// <summary>What a study tunes: everything PPO is told anew at each interval.</summary>
/// <param name="LearningRate">Step size of both optimizers.</param>
/// <param name="EntropyCoefficient">Weight of the bonus for an undecided policy.</param>
/// <param name="Discount">Worth of the next step's value, gamma.</param>
/// <param name="ClipRange">How far one rollout may move an action's probability ratio.</param>
/// <param name="Epochs">Passes over each rollout.</param>
public sealed record Hyperparameters(
    double LearningRate,
    double EntropyCoefficient,
    double Discount,
    double ClipRange,
    int Epochs);

namespace Pbt.Samples.Ppo;

/// <summary>What a study tunes: everything PPO is told anew at each interval.</summary>
/// <param name="LearningRate">Step size of both optimizers.</param>
/// <param name="EntropyCoefficient">Weight of the bonus for an undecided policy.</param>
/// <param name="Discount">Worth of the next step's value, gamma.</param>
/// <param name="ClipRange">How far one rollout may move an action's probability ratio.</param>
/// <param name="Epochs">Passes over each rollout.</param>
/// <param name="Lambda">Weight of far against near estimates of an advantage, below 1.</param>
public sealed record Hyperparameters(
    double LearningRate = 1e-3,
    double EntropyCoefficient = 0.01,
    double Discount = 0.99,
    double ClipRange = 0.2,
    int Epochs = 4,
    double Lambda = 0.95)
{
    /// <summary>All of it, by the names that <see cref="With"/> knows.</summary>
    public IReadOnlyList<KeyValuePair<string, double>> Values =>
    [
        new("learning_rate", LearningRate),
        new("entropy_coef", EntropyCoefficient),
        new("discount", Discount),
        new("clip_range", ClipRange),
        new("epochs", Epochs),
        new("gae_lambda", Lambda),
    ];

    /// <summary>Replaces one value.</summary>
    /// <param name="name">As in a study, <c>learning_rate</c>, or as an option, <c>--learning-rate</c>.</param>
    /// <param name="value">A number as text.</param>
    /// <exception cref="UsageException">There is no such hyperparameter, or it cannot have this value.</exception>
    public Hyperparameters With(string name, string value) => name.TrimStart('-').Replace('-', '_') switch
    {
        "learning_rate" => this with { LearningRate = Arguments.Number(name, value, above: 0) },
        "entropy_coef" => this with { EntropyCoefficient = Arguments.Number(name, value, above: -double.Epsilon) },
        "discount" => this with { Discount = Arguments.Number(name, value, above: 0, below: 1) },
        "clip_range" => this with { ClipRange = Arguments.Number(name, value, above: 0) },
        "epochs" => this with { Epochs = Arguments.Count(name, value) },
        "gae_lambda" => this with { Lambda = Arguments.Number(name, value, above: -double.Epsilon, below: 1) },
        _ => throw new UsageException($"There is no hyperparameter {name}; there are {string.Join(", ", Values.Select(pair => pair.Key))}."),
    };
}

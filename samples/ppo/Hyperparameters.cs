using System.Globalization;

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
    /// <summary>The names that <see cref="With"/> knows.</summary>
    public static IReadOnlyList<string> Names { get; } =
        ["learning_rate", "entropy_coef", "discount", "clip_range", "epochs", "gae_lambda"];

    /// <summary>Replaces one value.</summary>
    /// <param name="name">As in a study, <c>learning_rate</c>, or as an option, <c>--learning-rate</c>.</param>
    /// <param name="value">A number as text.</param>
    /// <exception cref="UsageException">There is no such hyperparameter, or it cannot have this value.</exception>
    public Hyperparameters With(string name, string value) => name.TrimStart('-').Replace('-', '_') switch
    {
        "learning_rate" => this with { LearningRate = Number(name, value, above: 0) },
        "entropy_coef" => this with { EntropyCoefficient = Number(name, value, above: -double.Epsilon) },
        "discount" => this with { Discount = Number(name, value, above: 0, below: 1) },
        "clip_range" => this with { ClipRange = Number(name, value, above: 0) },
        "epochs" => this with { Epochs = Count(name, value) },
        "gae_lambda" => this with { Lambda = Number(name, value, above: -double.Epsilon, below: 1) },
        _ => throw new UsageException($"There is no hyperparameter {name}; there are {string.Join(", ", Names)}."),
    };

    /// <summary>Reads a whole number above 0.</summary>
    /// <exception cref="UsageException">It is none.</exception>
    public static int Count(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new UsageException($"{name} must be a whole number above 0, not '{value}'.");

    private static double Number(string name, string value, double above, double below = double.PositiveInfinity)
    {
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            && number > above
            && number < below)
            return number;
        var floor = above < 0 ? "of at least 0" : "above 0";
        var ceiling = double.IsFinite(below) ? $" and below {below.ToString(CultureInfo.InvariantCulture)}" : "";
        throw new UsageException($"{name} must be a number {floor}{ceiling}, not '{value}'.");
    }
}

/// <summary>What the program was told makes no sense.</summary>
public sealed class UsageException(string message) : Exception(message);

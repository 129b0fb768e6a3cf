namespace Pbt.Samples.Ppo.Policies;

/// <summary>How likely a policy was to act as it did, and how undecided it is.</summary>
/// <param name="LogProbability">Of the action; of a continuous one, the log of its density.</param>
/// <param name="Entropy">Of the distribution over all actions, in nats.</param>
public readonly record struct Likelihood(double LogProbability, double Entropy);

/// <summary>How much a sample's loss changes with its <see cref="Likelihood"/>.</summary>
public readonly record struct LikelihoodGradient(double ByLogProbability, double ByEntropy);

/// <summary>What the outputs of an actor mean: a distribution over actions.</summary>
/// <remarks>Without state, so safe for concurrent use. <c>free</c> are the actor's parameters that belong to no layer.</remarks>
public interface IPolicy
{
    /// <summary>Outputs that the actor's network needs.</summary>
    int OutputSize { get; }

    /// <summary>Parameters that it needs besides the network.</summary>
    int FreeCount { get; }

    /// <summary>Numbers that make one action.</summary>
    int ActionSize { get; }

    /// <summary>Draws an action; returns the log of its probability or density.</summary>
    double Act(Column outputs, ReadOnlySpan<float> free, Generator random, Span<float> action);

    /// <summary>Looks back at an action.</summary>
    Likelihood Evaluate(Column outputs, ReadOnlySpan<float> free, Column action);

    /// <summary>Carries a sample's gradient back to the outputs and the free parameters.</summary>
    /// <param name="outputs">The actor's outputs.</param>
    /// <param name="free">Its free parameters.</param>
    /// <param name="action">What was done.</param>
    /// <param name="by">The sample's gradient; its share in the batch's mean is taken here.</param>
    /// <param name="outputGradient">Receives the derivative by this sample's outputs.</param>
    /// <param name="freeGradient">The derivative by the free parameters is added here.</param>
    void Backward(
        Column outputs,
        ReadOnlySpan<float> free,
        Column action,
        LikelihoodGradient by,
        Span<float> outputGradient,
        Span<float> freeGradient);
}

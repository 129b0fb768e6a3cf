namespace Pbt.Samples.DotnetSession;

/// <summary>How a step is taken: stochastic gradient descent with momentum and weight decay.</summary>
public sealed record Optimizer(double LearningRate, double Momentum, double WeightDecay);

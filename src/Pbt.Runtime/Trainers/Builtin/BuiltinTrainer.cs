using System.Collections.Immutable;
using Pbt.Core.SearchSpaces;

namespace Pbt.Runtime.Trainers.Builtin;

/// <summary>A toy problem with a known answer: training is a pure function of its state.</summary>
/// <remarks>
/// Stateless and thread-safe. The state is what a checkpoint holds. All are defined in docs/toys.md, with their sources.
/// </remarks>
public abstract class BuiltinTrainer
{
    /// <summary>The names that a spec may give in <c>trainer: { builtin: … }</c>.</summary>
    public static ImmutableArray<string> Names { get; } = ["quadratic", "plain", "deceptive", "triangle"];

    /// <summary>The state before the first step.</summary>
    public abstract ImmutableArray<double> InitialState { get; }

    /// <summary>The trainer of this name.</summary>
    /// <exception cref="ArgumentException">There is none.</exception>
    public static BuiltinTrainer Named(string name) => name switch
    {
        "quadratic" => new QuadraticTrainer(),
        "plain" => new PlainTrainer(),
        "deceptive" => new DeceptiveTrainer(),
        "triangle" => new TriangleTrainer(),
        _ => throw new ArgumentException($"There is no built-in trainer '{name}'; there are {string.Join(", ", Names)}.", nameof(name)),
    };

    /// <summary>Trains for some steps and returns the state at their end.</summary>
    /// <param name="state">The state at their start; not changed.</param>
    /// <param name="hyperparameters">Those that the toy defines, among others.</param>
    /// <param name="steps">How many steps.</param>
    /// <param name="seed">The key of the toy's noise, if it has any.</param>
    public abstract ImmutableArray<double> Train(ImmutableArray<double> state, Hyperparameters hyperparameters, long steps, int seed);

    /// <summary>The objective's value in a state.</summary>
    public abstract double Score(ImmutableArray<double> state);
}

using Pbt.Core.SearchSpaces;

namespace Pbt.Core.Tests.SearchSpaces;

/// <summary>Search spaces that several tests use.</summary>
internal static class Spaces
{
    /// <summary>One hyperparameter of each type and scale.</summary>
    public static SearchSpace EveryType() => new(
    [
        new FloatHyperparameter("learning_rate", 1e-5, 1e-2, Scale.Log),
        new FloatHyperparameter("entropy_coef", 0, 0.1, Scale.Linear),
        new FloatHyperparameter("gamma", 0.9, 0.9999, Scale.OneMinusLog),
        new IntHyperparameter("epochs", 1, 10, Scale.Linear),
        new IntHyperparameter("horizon", 16, 4096, Scale.Log),
        new OrdinalHyperparameter("batch_size", [HyperparameterValue.Of(32L), HyperparameterValue.Of(64L), HyperparameterValue.Of(128L)]),
        new CategoricalHyperparameter("optimizer", [HyperparameterValue.Of("adam"), HyperparameterValue.Of("sgd")]),
        new BoolHyperparameter("normalize"),
    ]);
}

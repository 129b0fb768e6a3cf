namespace Pbt.Packages.Tests;

/// <summary>A study that needs nothing but pbt, and takes a moment.</summary>
internal static class SmallStudy
{
    public const string Text = """
        name: small
        population: 2
        mode: synchronous
        objective: { metric: q, goal: maximize }
        interval: { steps: 10 }
        budget: { intervals: 3 }
        hyperparameters:
          h0: { type: float, min: 0, max: 10 }
          h1: { type: float, min: 0, max: 10 }
        trainer: { builtin: quadratic }
        """;
}

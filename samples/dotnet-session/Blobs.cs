namespace Pbt.Samples.DotnetSession;

/// <summary>An example: what is measured, and which class it is of.</summary>
public readonly record struct Example(double[] Features, int Class);

/// <summary>Ten overlapping clouds of points, of which some features are scaled far worse than others.</summary>
public sealed record Blobs(Example[] Training, Example[] Validation)
{
    public const int Features = 20;
    public const int Classes = 10;
    private const int TrainingExamples = 2_000;
    private const int ValidationExamples = 1_000;
    private const double Spread = 3;

    /// <summary>The same points for the same seed.</summary>
    public static Blobs Generate(int seed)
    {
        var random = new Random(seed);
        var centres = Enumerable.Range(0, Classes).Select(_ => Enumerable.Range(0, Features).Select(_ => Normal(random)).ToArray()).ToArray();
        return new Blobs(Draw(random, centres, TrainingExamples), Draw(random, centres, ValidationExamples));
    }

    private static Example[] Draw(Random random, double[][] centres, int count) => [.. Enumerable.Range(0, count).Select(i =>
    {
        var centre = centres[i % Classes];
        return new Example([.. centre.Select((at, feature) => (at + (Spread * Normal(random))) * Scale(feature))], i % Classes);
    })];

    /// <summary>From 0.1 to 3: the plain gradient goes far too fast along some features and far too slow along others.</summary>
    private static double Scale(int feature) => 0.1 * Math.Pow(30, feature / (Features - 1.0));

    private static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}

using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;

namespace Pbt.Core.Tests.Explore.Bandits;

/// <summary>Random points and parameters at fixed seeds.</summary>
internal static class AnyPoints
{
    public static RandomStream Stream(int seed) => new((ulong)seed, 0, 0, RandomPurpose.BuiltinTrainer);

    /// <summary>Points in the unit cube, three to an interval, every fifth of them almost a copy of the one before.</summary>
    public static BanditPoints Draw(int seed, int count, int coordinates, int categories, bool nearDuplicates = false)
    {
        var random = Stream(seed);
        var points = new BanditPoints(count, coordinates, categories);
        for (var i = 0; i < count; i++)
        {
            points.Times[i] = i / 3;
            foreach (ref var coordinate in points.Coordinates(i))
                coordinate = random.NextDouble();

            foreach (ref var category in points.Categories(i))
                category = random.NextInt(3);

            if (!nearDuplicates || i % 5 != 4)
                continue;

            points.Set(i, points, i - 1);
            points.Coordinates(i)[0] += 1e-9;
        }

        return points;
    }

    public static double[] Gaussians(int seed, int count)
    {
        var random = Stream(seed);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextGaussian())];
    }

    public static KernelParameters Parameters(int seed)
    {
        var random = Stream(seed);
        return new()
        {
            Variance = 0.3 + (2 * random.NextDouble()),
            LengthScale = 0.1 + random.NextDouble(),
            Noise = 0.01 + (0.3 * random.NextDouble()),
            Forgetting = 0.4 * random.NextDouble(),
            CategoryForgetting = 0.4 * random.NextDouble(),
            Mix = random.NextDouble(),
        };
    }
}

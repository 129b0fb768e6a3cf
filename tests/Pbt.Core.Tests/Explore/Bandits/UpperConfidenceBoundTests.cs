using Pbt.Core.Explore.Bandits;
using Pbt.Core.Randomness;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class UpperConfidenceBoundTests
{
    private const int Intervals = 40;

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.3)]
    public void Proposals_follow_a_best_value_that_drifts(double noise)
    {
        var guided = Enumerable.Range(0, 2).Average(seed => new Drift(seed, noise).Follow(Intervals, Propose));
        var uniform = Enumerable.Range(0, 2).Average(seed => new Drift(seed, noise).Follow(Intervals, static (_, random) => random.NextDouble()));
        Assert.True(guided < 0.6 * uniform, $"The mean distance is {guided} when proposed, {uniform} when drawn.");
    }

    [Fact]
    public void Proposals_made_together_spread_out()
    {
        var aware = Spread(pending: true);
        var unaware = Spread(pending: false);
        Assert.True(aware > 2 * unaware, $"The mean distance within a batch is {aware} with the pending points, {unaware} without.");
    }

    [Fact]
    public void Noisy_gains_do_not_turn_proposals_into_uniform_draws()
    {
        // The noise's deviation is half the hill's height.
        var proposals = Enumerable.Range(0, 40).Select(seed => Propose(Hill(seed, count: 120, noise: 0.5), AnyPoints.Stream(1000 + seed))).ToList();
        var distance = proposals.Average(static p => Math.Abs(p - 0.7));
        Assert.True(distance < 0.15, $"The mean distance from the best is {distance}; a uniform draw's is 0.29.");
    }

    [Theory]
    [InlineData(1, 0.4472135954999579)]
    [InlineData(1000, 2.4883)]
    public void Caution_is_the_root_of_beta(int count, double expected) => Assert.Equal(expected, UpperConfidenceBound.Caution(count), 1e-4);

    [Fact]
    public void The_same_problem_and_draws_give_the_same_bits_everywhere()
    {
        // Recorded on x64; any processor, and .NET's fallback without vectors, has to give these.
        var proposed = UpperConfidenceBound.Propose(Hill(seed: 3, count: 230, noise: 0.5), AnyPoints.Stream(3));
        Assert.Equal("3fe67116f7cbcdff", string.Join(' ', proposed.Select(static x => $"{BitConverter.DoubleToInt64Bits(x):x16}")));
    }

    private static double Propose(BanditProblem problem, RandomStream random) => UpperConfidenceBound.Propose(problem, random)[0];

    private static double Spread(bool pending)
    {
        var distances = new List<double>();
        for (var seed = 0; seed < 10; seed++)
        {
            var problem = Hill(seed, count: 30, noise: 0.1);
            var batch = new List<double>();
            for (var i = 0; i < 4; i++)
            {
                var running = new BanditPoints(pending ? batch.Count : 0, 2, 0);
                for (var j = 0; j < running.Count; j++)
                    (running.Times[j], running.Coordinates(j)[0], running.Coordinates(j)[1]) = (problem.Time, problem.Score, batch[j]);

                batch.Add(Propose(problem with { Pending = running }, AnyPoints.Stream((10 * seed) + i)));
            }

            distances.AddRange(batch.SelectMany((a, i) => batch.Skip(i + 1).Select(b => Math.Abs(a - b))));
        }

        return distances.Average();
    }

    /// <summary>Gains that are best at 0.7, at points spread evenly at random.</summary>
    private static BanditProblem Hill(int seed, int count, double noise)
    {
        var random = AnyPoints.Stream(seed);
        var seen = new BanditPoints(count, 2, 0);
        var gains = new double[count];
        for (var i = 0; i < count; i++)
        {
            seen.Times[i] = i / 4;
            seen.Coordinates(i)[0] = i;
            seen.Coordinates(i)[1] = random.NextDouble();
            var distance = seen.Coordinates(i)[1] - 0.7;
            gains[i] = Math.Max(0, 1 - (10 * distance * distance)) + (noise * random.NextGaussian());
        }

        return new(seen, gains, new BanditPoints(0, 2, 0), count / 4, count, []);
    }
}

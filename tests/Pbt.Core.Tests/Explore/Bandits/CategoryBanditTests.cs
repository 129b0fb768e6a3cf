using Pbt.Core.Explore.Bandits;

namespace Pbt.Core.Tests.Explore.Bandits;

public sealed class CategoryBanditTests
{
    [Fact]
    public void Rounding_keeps_the_sum_and_stays_within_one_of_each_expectation()
    {
        var random = AnyPoints.Stream(1);
        for (var i = 0; i < 2000; i++)
        {
            var total = 1 + random.NextInt(12);
            var shares = Enumerable.Range(0, 1 + random.NextInt(7)).Select(_ => random.NextDouble()).ToArray();
            var expected = shares.Select(s => total * s / shares.Sum()).ToArray();
            var counts = DependentRounding.Round(expected, total, random);
            Assert.Equal(total, counts.Sum());
            Assert.All(counts.Zip(expected), static pair => Assert.InRange(pair.First, pair.Second - 1, pair.Second + 1));
        }
    }

    [Fact]
    public void Rounding_keeps_every_expectation()
    {
        double[] expected = [0.1, 0.75, 1.3, 0.35, 1.5];
        var random = AnyPoints.Stream(2);
        var sums = new int[expected.Length];
        for (var i = 0; i < 20_000; i++)
        {
            var counts = DependentRounding.Round(expected, 4, random);
            for (var c = 0; c < counts.Length; c++)
                sums[c] += counts[c];
        }

        // Counts of one draw depend on each other, so each is compared with its own deviation: at most a half a draw.
        for (var c = 0; c < expected.Length; c++)
            Assert.Equal(expected[c], sums[c] / 20_000.0, 4 * 0.5 / Math.Sqrt(20_000));
    }

    [Theory]
    [InlineData(2, 8)]
    [InlineData(5, 3)]
    [InlineData(10, 1)]
    public void What_is_expected_adds_up_to_the_batch_and_no_arm_is_given_up(int arms, int batch)
    {
        var bandit = new TimeVaryingExp3(arms, batch, 200);
        Assert.All(bandit.Expected(), e => Assert.Equal((double)batch / arms, e, 1e-12));
        for (var round = 0; round < 50; round++)
            bandit.Observe([0, 1], [1, 0.2]);

        var expected = bandit.Expected();
        Assert.Equal(batch, expected.Sum(), 1e-9);
        Assert.All(expected, static e => Assert.True(e > 0));
        Assert.Equal(expected.Max(), expected[0]);
        if (batch < arms)
            Assert.All(expected, static e => Assert.InRange(e, 0, 1 + 1e-12));
    }

    [Theory]
    [InlineData(3, 6)]
    [InlineData(6, 2)]
    public void The_best_arm_is_played_most_and_overtaken_when_another_becomes_best(int arms, int batch)
    {
        const int Rounds = 400;
        var random = AnyPoints.Stream(3);
        var bandit = new TimeVaryingExp3(arms, batch, Rounds);
        var plays = new int[2][];
        for (var round = 0; round < Rounds; round++)
        {
            var best = round < Rounds / 2 ? 0 : 1;
            if (round % (Rounds / 2) == 0)
                plays[best] = new int[arms];

            var counts = DependentRounding.Round(bandit.Expected(), batch, random);
            int[] batchOfArms = [.. counts.SelectMany(static (count, arm) => Enumerable.Repeat(arm, count))];
            bandit.Observe(batchOfArms, [.. batchOfArms.Select(arm => random.NextBool(arm == best ? 0.9 : 0.2) ? 1.0 : 0.0)]);
            if (round % (Rounds / 2) < Rounds / 4)
                continue;

            foreach (var arm in batchOfArms)
                plays[best][arm]++;
        }

        Assert.Equal(0, Array.IndexOf(plays[0], plays[0].Max()));
        Assert.Equal(1, Array.IndexOf(plays[1], plays[1].Max()));
        Assert.True(plays[0][0] > 1.5 * plays[0].Sum() / arms);
        Assert.True(plays[1][1] > 1.5 * plays[1].Sum() / arms);
    }

    [Fact]
    public void A_round_of_a_thousand_plays_overflows_nothing()
    {
        var bandit = new TimeVaryingExp3(3, 1000, 10);
        for (var round = 0; round < 100; round++)
            bandit.Observe(new int[1000], [.. Enumerable.Repeat(1.0, 1000)]);

        Assert.Equal(1000, bandit.Expected().Sum(), 1e-6);
    }
}

using Pbt.Samples.CartpoleBatch;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.CartpoleBatch;

public sealed class BatchTrainerTests : IDisposable
{
    private static readonly PpoTask CartPole = PpoTask.CartPole;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData(1e-3, 0.01, 0.99, 0.2, 4)]
    [InlineData(3e-3, 0.1, 0.9, 0.05, 2)]
    [InlineData(1e-4, 0, 0.999, 0.6, 7)]
    public async Task Train_OneMember_EqualsTheScalarTrainerWithinRounding(double learningRate, double entropy, double discount, double clip, int epochs)
    {
        var hyperparameters = new Hyperparameters(learningRate, entropy, discount, clip, epochs);
        var expected = TrainingState.Create(CartPole, seed: 11);
        var expectedSummary = new PpoTrainer(expected, hyperparameters).Train(2 * CartPole.RolloutSteps);

        var actual = TrainingState.Create(CartPole, seed: 11);
        var summary = (await TrainAsync(new BatchMember(actual, hyperparameters, 2 * CartPole.RolloutSteps)))[0];

        // The same draws were made, and the same episodes lived through.
        Assert.Equal(expected.Random.State, actual.Random.State);
        Assert.Equal(expected.RecentReturns, actual.RecentReturns);
        Assert.Equal(expected.TotalSteps, actual.TotalSteps);
        AssertNear(expected.Actor, actual.Actor, 0.05 * learningRate * epochs);
        AssertNear(expected.Critic, actual.Critic, 0.05 * learningRate * epochs);
        Assert.Equal(expected.ActorOptimizer.Updates, actual.ActorOptimizer.Updates);
        foreach (var ((name, value), (_, other)) in expectedSummary.Metrics.Zip(summary.Metrics))
            Assert.True(Math.Abs(value - other) < 1e-4 * Math.Max(1, Math.Abs(value)), $"{name}: {value}, in lanes {other}");
    }

    [Fact]
    public async Task Train_InAnyCompanyAndLane_GivesAMemberTheSameBits()
    {
        var alone = Members(1);
        await TrainAsync(alone);
        Checkpoint.Save(alone[0].State, _directory["alone"]);

        // More than the lanes, so that there are two groups; others have more epochs, fewer and as many, and one learns nonsense.
        var many = Members(BatchTrainer.Lanes + 3);
        many[1] = many[1] with { Hyperparameters = many[1].Hyperparameters with { LearningRate = 1e30 } };
        var moved = many.Skip(1).Append(many[0]).ToArray();
        await TrainAsync(moved);
        Checkpoint.Save(many[0].State, _directory["company"]);

        Assert.Throws<TrainingException>(many[1].State.EnsureUsable);
        Assert.Equal(_directory.BytesOf("alone"), _directory.BytesOf("company"));
    }

    [Fact]
    public async Task Train_SavedAndLoadedHalfWay_GivesTheBitsOfAnUnbrokenRun()
    {
        var unbroken = TrainingState.Create(CartPole, seed: 5);
        await TrainAsync(new BatchMember(unbroken, new Hyperparameters(), 2 * CartPole.RolloutSteps));
        Checkpoint.Save(unbroken, _directory["unbroken"]);

        var first = TrainingState.Create(CartPole, seed: 5);
        await TrainAsync(new BatchMember(first, new Hyperparameters(), CartPole.RolloutSteps));
        Checkpoint.Save(first, _directory["half"]);
        var second = Checkpoint.Load(CartPole, _directory["half"]);
        await TrainAsync(new BatchMember(second, new Hyperparameters(), CartPole.RolloutSteps));
        Checkpoint.Save(second, _directory["resumed"]);

        Assert.Equal(_directory.BytesOf("unbroken"), _directory.BytesOf("resumed"));
    }

    [Fact]
    public async Task Train_ForASmallBudget_BeatsTheRandomPolicy()
    {
        var members = Enumerable.Range(0, 4)
            .Select(m => new BatchMember(TrainingState.Create(CartPole, (ulong)m), new Hyperparameters(), 12 * CartPole.RolloutSteps)).ToArray();

        await TrainAsync(members);

        // A random policy lasts 22 steps on average.
        Assert.All(members, member => Assert.True(member.State.RecentReturns.Average() > 60, $"mean return {member.State.RecentReturns.Average()}"));
    }

    [Fact]
    public async Task Train_Cancelled_Throws()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            new BatchTrainer(1).TrainAsync(Members(1), (_, _) => Task.CompletedTask, cancelled.Token));
    }

    [Fact]
    public void Copy_OfAState_HasTheBitsOfWhatIsSavedAndLoaded()
    {
        var state = TrainingState.Create(CartPole, seed: 9);
        new PpoTrainer(state, new Hyperparameters()).Train(CartPole.RolloutSteps);
        Checkpoint.Save(state, _directory["state"]);

        Checkpoint.Save(Checkpoint.Copy(state), _directory["copy"]);

        Assert.Equal(_directory.BytesOf("state"), _directory.BytesOf("copy"));
    }

    private static BatchMember[] Members(int count) =>
    [
        .. Enumerable.Range(0, count).Select(m => new BatchMember(
            TrainingState.Create(CartPole, (ulong)m), new Hyperparameters(LearningRate: 1e-3 * (m + 1), Epochs: 1 + ((m + 2) % 4)), CartPole.RolloutSteps)),
    ];

    private static async Task<List<TrainingSummary>> TrainAsync(params BatchMember[] members)
    {
        var summaries = new List<TrainingSummary>();
        await new BatchTrainer(2).TrainAsync(members, (_, summary) =>
        {
            lock (summaries)
                summaries.Add(summary);
            return Task.CompletedTask;
        });
        Assert.Equal(members.Length, summaries.Count);
        return summaries;
    }

    private static void AssertNear(Mlp expected, Mlp actual, double tolerance)
    {
        var worst = expected.Parameters.Zip(actual.Parameters, static (a, b) => Math.Abs(a - b)).Max();
        Assert.True(worst < tolerance, $"a weight is off by {worst}, more than {tolerance}");
    }
}

using Pbt.Samples.Cartpole;

namespace Pbt.Samples.Tests.Cartpole;

public sealed class CheckpointTests
{
    [Fact]
    public void Load_AfterSave_BringsEverythingBack()
    {
        using var directory = new TemporaryDirectory();
        var saved = TrainingState.Create(seed: 9);
        new PpoTrainer(saved, new Hyperparameters(1e-3, 0.01, 0.99, 0.2, 1)).Train(PpoTrainer.RolloutSteps);

        Checkpoint.Save(saved, directory["checkpoint"]);
        var loaded = Checkpoint.Load(directory["checkpoint"]);

        Assert.Equal(saved.TotalSteps, loaded.TotalSteps);
        Assert.Equal(saved.Random.State, loaded.Random.State);
        Assert.Equal(saved.Actor.Parameters, loaded.Actor.Parameters);
        Assert.Equal(saved.Critic.Parameters, loaded.Critic.Parameters);
        Assert.Equal(saved.ActorOptimizer.FirstMoment, loaded.ActorOptimizer.FirstMoment);
        Assert.Equal(saved.CriticOptimizer.SecondMoment, loaded.CriticOptimizer.SecondMoment);
        Assert.Equal(saved.ActorOptimizer.Updates, loaded.ActorOptimizer.Updates);
        Assert.Equal(saved.RecentReturns, loaded.RecentReturns);
        Assert.Equal(
            saved.Environments.Select(environment => (environment.State, environment.Steps)),
            loaded.Environments.Select(environment => (environment.State, environment.Steps)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void Load_CutShort_SaysSo(int length)
    {
        using var directory = new TemporaryDirectory();
        Checkpoint.Save(TrainingState.Create(seed: 9), directory.Path);
        var file = Assert.Single(Directory.GetFiles(directory.Path));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);

        var exception = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(directory.Path));

        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }
}

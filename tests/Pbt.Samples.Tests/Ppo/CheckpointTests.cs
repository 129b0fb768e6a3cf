using Pbt.Samples.Ppo;
using Pbt.Samples.Ppo.Environments;

namespace Pbt.Samples.Tests.Ppo;

public sealed class CheckpointTests
{
    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Load_AfterSave_BringsEverythingBack(string name)
    {
        using var directory = new TemporaryDirectory();
        var task = PpoTask.Named(name);
        var saved = TrainingState.Create(task, seed: 9);
        new PpoTrainer(saved, new Hyperparameters(Epochs: 1)).Train(task.RolloutSteps);

        Checkpoint.Save(saved, directory["first"]);
        var loaded = Checkpoint.Load(task, directory["first"]);
        Checkpoint.Save(loaded, directory["second"]);

        Assert.Equal(saved.TotalSteps, loaded.TotalSteps);
        Assert.Equal(saved.Random.State, loaded.Random.State);
        Assert.Equal(saved.Actor.Parameters, loaded.Actor.Parameters);
        Assert.Equal(saved.Critic.Parameters, loaded.Critic.Parameters);
        Assert.Equal(saved.ActorOptimizer.FirstMoment, loaded.ActorOptimizer.FirstMoment);
        Assert.Equal(saved.CriticOptimizer.SecondMoment, loaded.CriticOptimizer.SecondMoment);
        Assert.Equal(saved.ActorOptimizer.Updates, loaded.ActorOptimizer.Updates);
        Assert.Equal(saved.RecentReturns, loaded.RecentReturns);
        Assert.Equal(saved.Environments.Select(Observation), loaded.Environments.Select(Observation));
        Assert.Equal(
            saved.Environments.Select(environment => environment.EpisodeReturn),
            loaded.Environments.Select(environment => environment.EpisodeReturn));
        Assert.Equal(directory.BytesOf("first"), directory.BytesOf("second"));

        float[] Observation(IEnvironment environment)
        {
            var observation = new float[task.ObservationSize];
            environment.Observe(observation, sample: 0, batch: 1);
            return observation;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    [InlineData(100)]
    [InlineData(20_000)]
    public void Load_CutShort_SaysSo(int length)
    {
        using var directory = new TemporaryDirectory();
        Checkpoint.Save(TrainingState.Create(PpoTask.CartPole, seed: 9), directory.Path);
        var file = Assert.Single(Directory.GetFiles(directory.Path));
        File.WriteAllBytes(file, File.ReadAllBytes(file)[..length]);

        var exception = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(PpoTask.CartPole, directory.Path));

        Assert.Contains(file, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OfAnotherTask_SaysSo()
    {
        using var directory = new TemporaryDirectory();
        Checkpoint.Save(TrainingState.Create(PpoTask.CartPole, seed: 9), directory.Path);

        var exception = Assert.Throws<InvalidDataException>(() => Checkpoint.Load(PpoTask.Acrobot, directory.Path));

        Assert.EndsWith("is no checkpoint of acrobot.", exception.Message, StringComparison.Ordinal);
    }
}

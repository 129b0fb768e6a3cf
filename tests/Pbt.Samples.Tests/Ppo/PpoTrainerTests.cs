using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.Ppo;

public sealed class PpoTrainerTests
{
    private static readonly Hyperparameters Usual = new();

    [Fact]
    public void Train_CartPoleForASmallBudget_BeatsTheRandomPolicy()
    {
        var state = TrainingState.Create(PpoTask.CartPole, seed: 1);
        var trainer = new PpoTrainer(state, Usual);

        trainer.Train(state.Task.RolloutSteps);
        var untrained = state.RecentReturns.Average();
        var summary = trainer.Train(20 * state.Task.RolloutSteps);

        // A random policy lasts 22 steps on average.
        Assert.InRange(untrained, 10, 40);
        Assert.True(state.RecentReturns.Average() > 120, $"mean return {state.RecentReturns.Average()}");
        Assert.Equal(TrainingState.ReturnWindow, state.RecentReturns.Count);
        Assert.Equal(20 * state.Task.RolloutSteps, summary.Steps);
        Assert.InRange(summary.Entropy, 0.01, Math.Log(2));
    }

    [Fact]
    public void Train_StepsBetweenRollouts_RoundsUp()
    {
        var state = TrainingState.Create(PpoTask.CartPole, seed: 1);

        var summary = new PpoTrainer(state, Usual).Train(state.Task.RolloutSteps + 1);

        Assert.Equal(2 * state.Task.RolloutSteps, summary.Steps);
        Assert.Equal(2 * state.Task.RolloutSteps, state.TotalSteps);
    }

    [Theory]
    [MemberData(nameof(Tasks.All), MemberType = typeof(Tasks))]
    public void Train_SavedAndLoadedHalfWay_GivesTheBitsOfAnUnbrokenRun(string name)
    {
        using var directory = new TemporaryDirectory();
        var task = PpoTask.Named(name);
        var unbroken = TrainingState.Create(task, seed: 5);
        new PpoTrainer(unbroken, Usual).Train(4 * task.RolloutSteps);
        Checkpoint.Save(unbroken, directory["unbroken"]);

        var first = TrainingState.Create(task, seed: 5);
        new PpoTrainer(first, Usual).Train(2 * task.RolloutSteps);
        Checkpoint.Save(first, directory["half"]);
        var second = Checkpoint.Load(task, directory["half"]);
        new PpoTrainer(second, Usual).Train(2 * task.RolloutSteps);
        Checkpoint.Save(second, directory["resumed"]);

        Assert.Equal(directory.BytesOf("unbroken"), directory.BytesOf("resumed"));
        Assert.NotEqual(directory.BytesOf("half"), directory.BytesOf("resumed"));
    }
}

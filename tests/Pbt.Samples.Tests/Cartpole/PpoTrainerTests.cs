using Pbt.Samples.Cartpole;

namespace Pbt.Samples.Tests.Cartpole;

public sealed class PpoTrainerTests
{
    private static readonly Hyperparameters Usual = new(1e-3, 0.01, 0.99, 0.2, 4);

    [Fact]
    public void Train_SmallBudget_BeatsTheRandomPolicy()
    {
        var state = TrainingState.Create(seed: 1);
        var trainer = new PpoTrainer(state, Usual);

        trainer.Train(PpoTrainer.RolloutSteps);
        var untrained = state.RecentReturns.Average();
        var summary = trainer.Train(20 * PpoTrainer.RolloutSteps);

        // A random policy lasts 22 steps on average.
        Assert.InRange(untrained, 10, 40);
        Assert.True(state.RecentReturns.Average() > 120, $"mean return {state.RecentReturns.Average()}");
        Assert.Equal(TrainingState.ReturnWindow, state.RecentReturns.Count);
        Assert.Equal(20 * PpoTrainer.RolloutSteps, summary.Steps);
        Assert.InRange(summary.Entropy, 0.01, Math.Log(2));
    }

    [Fact]
    public void Train_StepsBetweenRollouts_RoundsUp()
    {
        var state = TrainingState.Create(seed: 1);

        var summary = new PpoTrainer(state, Usual).Train(PpoTrainer.RolloutSteps + 1);

        Assert.Equal(2 * PpoTrainer.RolloutSteps, summary.Steps);
        Assert.Equal(2 * PpoTrainer.RolloutSteps, state.TotalSteps);
    }

    [Fact]
    public void Train_SavedAndLoadedHalfWay_GivesTheBitsOfAnUnbrokenRun()
    {
        using var directory = new TemporaryDirectory();
        var unbroken = TrainingState.Create(seed: 5);
        new PpoTrainer(unbroken, Usual).Train(4 * PpoTrainer.RolloutSteps);
        Checkpoint.Save(unbroken, directory["unbroken"]);

        var first = TrainingState.Create(seed: 5);
        new PpoTrainer(first, Usual).Train(2 * PpoTrainer.RolloutSteps);
        Checkpoint.Save(first, directory["half"]);
        var second = Checkpoint.Load(directory["half"]);
        new PpoTrainer(second, Usual).Train(2 * PpoTrainer.RolloutSteps);
        Checkpoint.Save(second, directory["resumed"]);

        Assert.Equal(Bytes(directory["unbroken"]), Bytes(directory["resumed"]));
        Assert.NotEqual(Bytes(directory["half"]), Bytes(directory["resumed"]));
    }

    private static byte[] Bytes(string directory) => File.ReadAllBytes(Assert.Single(Directory.GetFiles(directory)));
}

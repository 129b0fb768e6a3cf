using Pbt.Samples.Control;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.Control;

public sealed class OptionsTests
{
    [Theory]
    [InlineData("--env is missing: say what to learn.", "--steps", "1024")]
    [InlineData("There is no environment 'walker'; there are cartpole, acrobot, swingup.", "--env", "walker")]
    [InlineData("--env needs a value.", "--env")]
    [InlineData("--gae-lambda must be a number of at least 0 and below 1, not '1'.", "--env", "acrobot", "--gae-lambda", "1")]
    [InlineData("--seed must be a whole number from 0 to 2147483646, not '2147483647'.", "--seed", "2147483647")]
    [InlineData("--intervals must be a whole number above 0, not '0'.", "--intervals", "0")]
    [InlineData("There is no option --momentum.", "--momentum", "0.9")]
    public void Parse_BadOptions_SaysWhatIsWrong(string message, params string[] arguments)
    {
        var exception = Assert.Throws<UsageException>(() => Options.Parse(arguments));

        Assert.Equal(message, exception.Message);
    }

    [Fact]
    public void Parse_AllOptions_TakesThem()
    {
        var options = Options.Parse(
        [
            "--env", "swingup", "--steps", "5", "--intervals", "3", "--seed", "9", "--checkpoints", "there", "--learning-rate", "1e-4",
            "--entropy-coef", "0", "--discount", "0.9", "--gae-lambda", "0", "--clip-range", "0.5", "--epochs", "2",
        ]);

        Assert.Same(PpoTask.SwingUp, options.Task);
        Assert.Equal((5, 3, 9, "there"), (options.Steps, options.Intervals, options.Seed, options.Checkpoints));
        Assert.Equal(new Hyperparameters(1e-4, 0, 0.9, 0.5, 2, 0), options.Hyperparameters);
    }

    [Fact]
    public void With_AnyOfItsOwnValues_ChangesNothing()
    {
        var hyperparameters = new Hyperparameters(3e-5, 0.02, 0.97, 0.3, 7, 0.8);

        var copy = hyperparameters.Values.Aggregate(new Hyperparameters(), (made, pair) => made.With(pair.Key, $"{pair.Value:R}"));

        Assert.Equal(hyperparameters, copy);
    }

    [Fact]
    public void With_AnUnknownName_ListsThoseThatThereAre()
    {
        var exception = Assert.Throws<UsageException>(() => new Hyperparameters().With("lr", "1"));

        Assert.Equal(
            "There is no hyperparameter lr; there are learning_rate, entropy_coef, discount, clip_range, epochs, gae_lambda.",
            exception.Message);
    }
}

using Pbt.Samples.CartpoleBatch;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.Tests.CartpoleBatch;

public sealed class OptionsTests
{
    [Fact]
    public void Parse_Everything_IsTaken()
    {
        var options = Options.Parse(["--capacity", "32", "--threads", "1", "--steps", "2048", "--checkpoints", "there"]);

        Assert.Equal((32, 1, 2048, "there"), (options.Capacity, options.Threads, options.Steps, options.Checkpoints));
    }

    [Theory]
    [InlineData("--capacity must be a whole number above 0 and at most 4096, not '5000'.", "--capacity", "5000")]
    [InlineData("--threads must be a whole number above 0 and at most 256, not '0'.", "--threads", "0")]
    [InlineData("--steps needs a value.", "--steps")]
    [InlineData("There is no option --env.", "--env", "cartpole")]
    public void Parse_Nonsense_SaysWhatIsWrong(string message, params string[] arguments) =>
        Assert.Equal(message, Assert.Throws<UsageException>(() => Options.Parse(arguments)).Message);
}

using System.Text;
using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Security;

/// <summary>Secrets that a spec names: trainers have them, and nothing that pbt writes or prints does.</summary>
public sealed class SecretTests
{
    private const string Secret = "s3cr3t-Zq81 'x' \"y\"";

    // Proves that it has the secret without printing it.
    private const string Script =
        """
        [ "$WANDB_API_KEY" = "$EXPECTED" ] || { echo "no key"; exit 9; }
        echo 1 >"$PBT_CHECKPOINT_OUT/state"
        [ -e release ] || { : >started; while [ ! -e release ]; do sleep 0.05; done; }
        echo '{"score": 1}' >"$PBT_RESULT"

        """;

    [Fact]
    public async Task A_secret_reaches_the_trainer_and_is_written_and_shown_nowhere()
    {
        using var study = Named().With("MY_KEY", Secret).With("EXPECTED", Secret);
        var printed = new StringBuilder();
        printed.Append((await study.PbtAsync("validate", study.SpecPath)).Expect(0).Saying("WANDB_API_KEY from the worker's MY_KEY").All);
        await using (var run = study.StartRun(slots: 2))
        {
            await Eventually.HoldsAsync("a trainer waits", () => File.Exists(study.At("started")), () => run.Printed + study.Describe());
            var processes = study.Processes();
            Assert.Contains(processes, static p => p.IsWorker);
            Assert.All(processes, static p => Assert.DoesNotContain("s3cr3t", p.CommandLine, StringComparison.Ordinal));
            File.WriteAllText(study.At("release"), string.Empty);
            printed.Append((await run.EndAsync(study.Describe)).Expect(0).All);
        }

        foreach (var command in (string[][])[["status"], ["status", "--json"], ["show", "0"], ["show", "0", "--json"], ["best", "--json"], ["verify", "--json"], ["lineage", "--json"]])
            printed.Append((await study.PbtAsync([command[0], study.Dir, .. command[1..]])).Expect(0).All);

        Assert.DoesNotContain("s3cr3t", printed.ToString(), StringComparison.Ordinal);
        Assert.Empty(FilesWith(study.Root, "s3cr3t"));
        Assert.NotEmpty(FilesWith(study.Dir, "MY_KEY"));
        Assert.NotEmpty(FilesWith(study.Dir, "from_environment"));
    }

    [Fact]
    public async Task A_secret_that_is_not_set_is_said_before_anything_is_created()
    {
        using var study = Named();
        (await study.PbtAsync("validate", study.SpecPath)).Expect(0).Saying("trainer.env.WANDB_API_KEY", "MY_KEY", "is not set", Environment.MachineName);
        (await study.RunAsync(slots: 2)).Expect(2).Saying("trainer.env.WANDB_API_KEY", "MY_KEY", "is not set", "export MY_KEY=");
        study.With("MY_KEY", string.Empty);
        (await study.RunAsync(slots: 2)).Expect(2).Saying("is not set (or is empty)");
        Assert.False(Directory.Exists(study.Dir));
    }

    [Fact]
    public async Task A_worker_that_has_no_secret_ends_with_a_message_and_costs_no_attempt()
    {
        using var study = Named().With("MY_KEY", Secret).With("EXPECTED", Secret);
        File.WriteAllText(study.At("release"), string.Empty);
        (await study.RunAsync(slots: 2)).Expect(0);
        study.Replace("intervals: 1", "intervals: 2");
        study.With("MY_KEY", string.Empty);
        (await study.PbtAsync("worker", study.Dir)).Expect(2).Saying("MY_KEY", "is not set", Environment.MachineName);
        Assert.Equal(0, study.Count("attempt_failed"));
        Assert.Equal(1, study.Count("worker_joined"));
        study.With("MY_KEY", Secret);
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.Equal(4, study.Count("interval_completed"));
    }

    [Fact]
    public async Task Taking_a_variable_from_elsewhere_is_a_change_to_be_accepted_by_name()
    {
        using var study = Named().With("MY_KEY", Secret).With("EXPECTED", Secret).With("OTHER_KEY", Secret);
        File.WriteAllText(study.At("release"), string.Empty);
        (await study.RunAsync(slots: 2)).Expect(0);
        study.Replace("MY_KEY", "OTHER_KEY");
        study.Replace("intervals: 1", "intervals: 2");
        (await study.RunAsync(slots: 2)).Expect(2).Saying("trainer.env.WANDB_API_KEY.from_environment: MY_KEY → OTHER_KEY");
        (await study.RunAsync(slots: 2, "--accept-change", "trainer.env")).Expect(0);
        Assert.Empty(FilesWith(study.Root, "s3cr3t"));
    }

    private static Study Named() => new Study()
        .Script("train.sh", Script)
        .Spec(Trainers.Spec(population: 2, intervals: 1, trainer: "env: { WANDB_API_KEY: { from_environment: MY_KEY } }"));

    private static List<string> FilesWith(string directory, string text) =>
        [.. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(text, StringComparison.Ordinal))];
}

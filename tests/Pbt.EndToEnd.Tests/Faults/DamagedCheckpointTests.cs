using Pbt.EndToEnd.Tests.Harness;

namespace Pbt.EndToEnd.Tests.Faults;

/// <summary>Checkpoints that something has damaged between two runs.</summary>
public sealed class DamagedCheckpointTests
{
    private const string Content = "the content of 'state'";

    public enum Damage
    {
        FlippedByte,
        ShorterFile,
        DeletedFile,
        DeletedManifest,
        DeletedDirectory,
        ForgedManifest,
    }

    [Theory]
    [InlineData(Damage.FlippedByte, Content)]
    [InlineData(Damage.ShorterFile, "'state' has")]
    [InlineData(Damage.DeletedFile, "'state' is missing")]
    [InlineData(Damage.DeletedManifest, ".pbt-manifest.json' is missing")]
    [InlineData(Damage.DeletedDirectory, "it is missing")]
    [InlineData(Damage.ForgedManifest, "'../../../../study.yaml', which is not inside it")]
    public async Task A_damaged_checkpoint_is_reported_and_its_member_goes_on_from_the_one_before(Damage damage, string reason)
    {
        using var study = await CompletedAsync();
        var lost = await CheckpointOfAsync(study, member: 0);
        var id = IdOf(lost);
        Inflict(damage, lost);

        study.Replace("intervals: 3", "intervals: 5");
        var run = (await study.RunAsync(slots: 2)).Expect(0);

        var damaged = Assert.Single(study.Journal(), static e => e.Type == "checkpoint_damaged");
        Assert.Equal(id, damaged.Text("checkpoint"));
        Assert.Contains(reason, damaged.Text("reason"), StringComparison.Ordinal);
        var recovered = Assert.Single(study.Journal(), static e => e.Type == "member_recovered");
        Assert.StartsWith("m0000/i000002-", recovered.Text("checkpoint"), StringComparison.Ordinal);
        Assert.Equal(0, study.Count("attempt_failed"));
        Assert.Equal(10, study.Count("interval_completed"));
        Invariants.NoIntervalCountsTwice(study);

        run.Saying($"checkpoint {id} is damaged", reason, "m0 goes on from m0000/i000002-");
        (await study.PbtAsync("status", study.Dir)).Expect(0).Saying("damaged", id);
        Assert.Equal(id, Assert.Single((await study.StatusAsync()).GetProperty("damaged_checkpoints").EnumerateArray()).GetProperty("id").GetString());
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ");
    }

    [Fact]
    public async Task A_damaged_checkpoint_stays_to_be_looked_at_until_garbage_is_collected()
    {
        using var study = await CompletedAsync();
        var lost = await CheckpointOfAsync(study, member: 0);
        Inflict(Damage.FlippedByte, lost);
        study.Replace("intervals: 3", "intervals: 8");
        (await study.RunAsync(slots: 2)).Expect(0);
        Assert.True(Directory.Exists(lost));

        (await study.PbtAsync("gc", study.Dir)).Expect(0);
        Assert.False(Directory.Exists(lost));
    }

    [Fact]
    public async Task When_no_ancestor_is_left_another_member_rescues()
    {
        using var study = await CompletedAsync();
        foreach (var checkpoint in Directory.GetDirectories(Path.GetDirectoryName(await CheckpointOfAsync(study, member: 0))!))
            Directory.Delete(checkpoint, recursive: true);

        study.Replace("intervals: 3", "intervals: 4");
        (await study.RunAsync(slots: 1)).Expect(0).Saying("m0 was rescued by m1 and goes on from m0001/");
        Assert.Equal(8, study.Count("interval_completed"));
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
    }

    [Fact]
    public async Task When_every_checkpoint_is_lost_the_study_still_comes_to_its_end()
    {
        using var study = await CompletedAsync();
        Directory.Delete(Path.Combine(study.Dir, "checkpoints"), recursive: true);
        (await study.PbtAsync("verify", study.Dir)).Expect(4);
        study.Replace("intervals: 3", "intervals: 4");
        (await study.RunAsync(slots: 1)).Expect(0).Saying("begins anew");
        Assert.Equal(8, study.Count("interval_completed"));
        (await study.PbtAsync("verify", study.Dir)).Expect(0);
    }

    [Fact]
    public async Task Without_verification_only_presence_and_sizes_are_checked()
    {
        using var study = await CompletedAsync("checkpoints: { verify: false }");
        Inflict(Damage.FlippedByte, await CheckpointOfAsync(study, member: 0));
        Inflict(Damage.ShorterFile, await CheckpointOfAsync(study, member: 1));
        study.Replace("intervals: 3", "intervals: 4");
        (await study.RunAsync(slots: 1)).Expect(0);
        Assert.StartsWith("m0001/", Assert.Single(study.Journal(), static e => e.Type == "checkpoint_damaged").Text("checkpoint"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_names_what_is_damaged_and_who_needs_it()
    {
        using var study = await CompletedAsync();
        (await study.PbtAsync("verify", study.Dir)).Expect(0).Saying("0 differ; ", "checkpoints checked, 0 damaged");
        var lost = await CheckpointOfAsync(study, member: 0);
        Inflict(Damage.FlippedByte, lost);
        Inflict(Damage.DeletedDirectory, await CheckpointOfAsync(study, member: 1));

        (await study.PbtAsync("verify", study.Dir)).Expect(4).Saying(IdOf(lost), Content, "m0 starts from it", "is missing", "m1 starts from it", "2 damaged");
        var json = Study.Parse((await study.PbtAsync("verify", study.Dir, "--json")).Expect(4).Out);
        Assert.Equal(2, json.GetProperty("damaged").GetInt32());
        Assert.Equal([false, true], json.GetProperty("damaged_checkpoints").EnumerateArray().Select(static d => d.GetProperty("missing").GetBoolean()).Order());
        (await study.PbtAsync("verify", study.Dir, "--no-checkpoints")).Expect(0);
    }

    private static async Task<Study> CompletedAsync(string more = "")
    {
        var study = new Study()
            .Script("train.sh", Trainers.Deterministic)
            .Spec(Trainers.Spec(population: 2, intervals: 3, seconds: 0.01, more: "exploit: { strategy: truncation, top: 0.5, bottom: 0 }\n" + more));
        (await study.RunAsync(slots: 2)).Expect(0);
        return study;
    }

    private static async Task<string> CheckpointOfAsync(Study study, int member) =>
        (await study.StatusAsync()).GetProperty("members")[member].GetProperty("checkpoint").GetString()!;

    private static string IdOf(string checkpoint) => string.Join('/', checkpoint.Split('/')[^2..]);

    private static void Inflict(Damage damage, string checkpoint)
    {
        var file = Path.Combine(checkpoint, "state");
        var manifest = Path.Combine(checkpoint, ".pbt-manifest.json");
        switch (damage)
        {
            case Damage.FlippedByte:
                var bytes = File.ReadAllBytes(file);
                bytes[^2] ^= 1;
                File.WriteAllBytes(file, bytes);
                break;
            case Damage.ShorterFile:
                File.WriteAllBytes(file, File.ReadAllBytes(file)[..^1]);
                break;
            case Damage.DeletedFile:
                File.Delete(file);
                break;
            case Damage.DeletedManifest:
                File.Delete(manifest);
                break;
            case Damage.DeletedDirectory:
                Directory.Delete(checkpoint, recursive: true);
                break;
            default:
                File.WriteAllText(manifest, File.ReadAllText(manifest).Replace("\"state\"", "\"../../../../study.yaml\"", StringComparison.Ordinal));
                break;
        }
    }
}

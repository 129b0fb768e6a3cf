using Pbt.Core.Population;

namespace Pbt.Cli.Tests.Commands;

public sealed class GcCommandTests
{
    [Fact]
    public async Task What_nobody_needs_is_deleted_and_nothing_else()
    {
        using var study = new TestStudy().RunRounds(3);
        var produced = study.State.Members.SelectMany(static m => m.History).Select(static r => r.Checkpoint!.Value).ToList();
        foreach (var id in produced)
            await study.PublishAsync(id, 1000);

        var live = produced.Where(study.State.IsLive).ToHashSet();
        var dry = await study.RunAsync("gc", "DIR", "--dry-run");
        Assert.Contains("m0000/i000001-a000001  not needed  1.", dry.Out, StringComparison.Ordinal);
        Assert.Equal(12, await study.Open.Checkpoints.ListAsync().CountAsync());

        var json = (await study.RunAsync("gc", "DIR", "--json")).Json;

        JsonKeys.AssertHas(json, "study", "dry_run", "count", "bytes", "checkpoints");
        Assert.Equal(12 - live.Count, (int)json["count"]!);
        Assert.InRange((long)json["bytes"]!, 1000 * (12 - live.Count), 2000 * (12 - live.Count));
        Assert.Equal(live, await study.Open.Checkpoints.ListAsync().Select(static c => c.Id).ToHashSetAsync());
        Assert.Equal("deleted 0 checkpoints and 0 unfinished ones: 0 B freed\n", (await study.RunAsync("gc", "DIR")).Out);
    }

    [Fact]
    public async Task Attempts_that_run_or_are_yet_to_come_are_never_touched()
    {
        using var study = new TestStudy().RunRounds(1);
        var lost = study.Claim();
        study.Fail(lost, "boom");
        var staging = study.Claim();
        var publishing = study.Claim();
        study.Open.Checkpoints.Stage(lost.CheckpointOut);
        study.Open.Checkpoints.Stage(staging.CheckpointOut);
        await study.PublishAsync(publishing.CheckpointOut, 10);
        var next = study.State.NextAttempt;
        var future = new CheckpointId(new MemberId(3), 2, next);
        study.Open.Checkpoints.Stage(future);
        await study.PublishAsync(future with { Attempt = new AttemptId(next.Value + 1) }, 10);
        var foreign = new CheckpointId(new MemberId(77), 1, new AttemptId(1));
        await study.PublishAsync(foreign, 10);

        var printed = await study.RunAsync("gc", "DIR");

        Assert.Equal("deleted 0 checkpoints and 1 unfinished one: 0 B freed\n", printed.Out);
        var left = await study.Open.Checkpoints.ListAsync().Select(static c => c.Id).ToListAsync();
        Assert.DoesNotContain(lost.CheckpointOut, left);
        Assert.Equal(5, left.Count);
    }

    [Fact]
    public async Task A_checkpoint_of_an_attempt_that_was_given_up_after_it_was_published_is_deleted()
    {
        using var study = new TestStudy();
        var fenced = study.Claim();
        await study.PublishAsync(fenced.CheckpointOut, 10);
        study.Report(fenced, new Core.Scheduling.AttemptResult.Released("interrupted"));

        Assert.StartsWith("deleted 1 checkpoint and 0 unfinished ones", (await study.RunAsync("gc", "DIR")).Out, StringComparison.Ordinal);
        Assert.False(await study.Open.Checkpoints.ListAsync().AnyAsync());
    }
}

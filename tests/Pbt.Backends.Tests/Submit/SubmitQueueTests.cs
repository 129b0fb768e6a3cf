using System.Collections.Immutable;
using Pbt.Backends.Jobs;
using Pbt.Backends.Submit;
using Pbt.Core.Studies;
using Pbt.Storage;

namespace Pbt.Backends.Tests.Submit;

/// <summary>Jobs submitted, found again, and cancelled by other programs.</summary>
public sealed class SubmitQueueTests : IDisposable
{
    private readonly StudyDirectory _study = new(Directory.CreateTempSubdirectory("pbt-jobs-").FullName);
    private readonly FakePrograms _programs = new();
    private readonly List<string> _said = [];

    private string File => Path.Combine(_study.Root, "jobs.jsonl");

    public void Dispose() => Directory.Delete(_study.Root, recursive: true);

    [Fact]
    public async Task What_one_pbt_submitted_the_next_finds_again()
    {
        var first = Queue();
        Assert.Empty(await first.ListAsync(default));
        await first.SubmitAsync(3, default);
        _programs.States["2"] = "running";

        var jobs = await Queue().ListAsync(default);

        Assert.Equal([new Job("1", JobPhase.Waiting, "queued"), new("2", JobPhase.Running, "running"), new("3", JobPhase.Waiting, "queued")], jobs);
        Assert.Equal(["submit pbt-x-1 w", "submit pbt-x-2 w", "submit pbt-x-3 w"], _programs.Ran.Take(3).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_ended_job_is_told_once_and_never_asked_for_again()
    {
        var queue = await SubmittedAsync(2);
        _programs.States["1"] = "done";

        Assert.Equal([JobPhase.Completed, JobPhase.Waiting], (await queue.ListAsync(default)).Select(static job => job.Phase));
        _programs.Ran.Clear();
        Assert.Equal(["2"], (await queue.ListAsync(default)).Select(static job => job.Id));
        Assert.Equal(["2"], (await Queue().ListAsync(default)).Select(static job => job.Id));
        Assert.DoesNotContain("status 1", _programs.Ran);
    }

    [Fact]
    public async Task A_job_that_the_scheduler_has_forgotten_has_ended()
    {
        var queue = await SubmittedAsync(2);
        _programs.States.Remove("1");

        Assert.Equal(["2"], (await queue.ListAsync(default)).Select(static job => job.Id));
    }

    [Fact]
    public async Task A_first_submission_that_fails_is_the_users_to_see()
    {
        var queue = Queue();
        await queue.ListAsync(default);
        _programs.Answer = static line => line.StartsWith("submit pbt-x-2", StringComparison.Ordinal) ? FakePrograms.Failed("quota exceeded") : null;

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => queue.SubmitAsync(3, default));

        Assert.Contains("submit pbt-x-2 w ended with exit code 1: quota exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains("2 submitted before it go on", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await Queue().ListAsync(default)).Count);
    }

    [Fact]
    public async Task A_program_that_cannot_be_started_says_how_to_mend_it()
    {
        var queue = new SubmitQueue(Commands(), "submit", _study, new ProgramRunner("/", TimeSpan.FromSeconds(30), "backend.timeout", static _ => true, TimeProvider.System), _said.Add, TimeProvider.System);
        await queue.ListAsync(default);

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => queue.SubmitAsync(1, default));

        Assert.Contains("The program 'submit' is not found in PATH", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_printed_without_an_id_is_an_error_and_the_job_is_not_counted()
    {
        var queue = Queue();
        await queue.ListAsync(default);
        _programs.Answer = static line => line.StartsWith("submit", StringComparison.Ordinal) ? FakePrograms.Printed("thank you") : null;

        var error = await Assert.ThrowsAsync<InvalidRequestException>(() => queue.SubmitAsync(1, default));

        Assert.Contains("has no job's id where backend.job_id looks: thank you", error.Message, StringComparison.Ordinal);
        Assert.Contains("look for the job pbt-x-1, which may run", error.Message, StringComparison.Ordinal);
        Assert.Empty(await Queue().ListAsync(default));
    }

    [Fact]
    public async Task A_crash_between_the_submission_and_its_id_is_told_once()
    {
        await SubmittedAsync(2);
        Tear(keep: 3);

        Assert.Single(await Queue().ListAsync(default));
        Assert.Contains("pbt was ended while it submitted pbt-x-2", Assert.Single(_said), StringComparison.Ordinal);
        Assert.Single(await Queue().ListAsync(default));
        Assert.Single(_said);
    }

    [Fact]
    public async Task A_crash_is_settled_where_jobs_can_be_asked_for_by_their_name()
    {
        var commands = Commands();
        commands = commands with { Templates = commands.Templates with { Status = Line("status", "{name}"), Cancel = Line("cancel", "{name}"), JobId = null } };
        var queue = Queue(commands);
        await queue.ListAsync(default);
        await queue.SubmitAsync(2, default);
        Tear(keep: 2);
        _programs.States["pbt-x-1"] = "running";

        Assert.Equal([new Job("pbt-x-1", JobPhase.Running, "running")], await Queue(commands).ListAsync(default));
        Assert.Empty(_said);
    }

    [Fact]
    public async Task A_torn_last_line_is_cut_and_a_damaged_one_is_an_error()
    {
        await SubmittedAsync(1);
        await System.IO.File.AppendAllTextAsync(File, "{\"time\":\"20");
        var queue = Queue();
        Assert.Single(await queue.ListAsync(default));
        await queue.SubmitAsync(1, default);
        Assert.Equal(2, (await Queue().ListAsync(default)).Count);

        await System.IO.File.WriteAllTextAsync(File, "{}\n" + await System.IO.File.ReadAllTextAsync(File));
        var error = await Assert.ThrowsAsync<DamagedStoreException>(() => Queue().ListAsync(default));
        Assert.Contains("jobs.jsonl: line 1 is damaged", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_that_watch_one_study_do_not_both_submit()
    {
        var (one, other) = (Queue(), Queue());
        await one.ListAsync(default);
        await other.ListAsync(default);
        await one.SubmitAsync(2, default);

        var error = await Assert.ThrowsAsync<JobQueueException>(() => other.SubmitAsync(2, default));

        Assert.Contains("another pbt has just submitted", error.Message, StringComparison.Ordinal);
        Assert.Equal(2, (await other.ListAsync(default)).Count);
    }

    [Fact]
    public async Task A_scheduler_that_answers_for_some_only_leaves_the_others_as_they_were()
    {
        var queue = await SubmittedAsync(2);
        await queue.ListAsync(default);
        _programs.States["2"] = "running";
        _programs.Answer = static line => line is "status 1" ? FakePrograms.Failed("try later") : null;

        Assert.Equal([JobPhase.Waiting, JobPhase.Running], (await queue.ListAsync(default)).Select(static job => job.Phase));
        _programs.Answer = static line => line.StartsWith("status", StringComparison.Ordinal) ? FakePrograms.Failed("try later") : null;
        var error = await Assert.ThrowsAsync<JobQueueException>(() => queue.ListAsync(default));
        Assert.Contains("status 1 ended with exit code 1: try later", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_program_that_lists_all_jobs_runs_once_a_look()
    {
        var commands = Commands();
        commands = commands with { Templates = commands.Templates with { Status = Line("list"), State = new PatternRule("^{job}: (.*)$") } };
        var queue = Queue(commands);
        await queue.ListAsync(default);
        await queue.SubmitAsync(3, default);
        _programs.Answer = static line => line is "list" ? FakePrograms.Printed("12: done\n2: running\n1: queued\n") : null;
        _programs.Ran.Clear();

        Assert.Equal(["1 queued", "2 running"], (await queue.ListAsync(default)).Select(static job => $"{job.Id} {job.State}"));
        Assert.Equal(["list"], _programs.Ran);
    }

    [Fact]
    public async Task Programs_run_a_few_at_a_time()
    {
        var queue = await SubmittedAsync(23);
        await queue.CancelAsync(await queue.ListAsync(default), default);

        Assert.InRange(_programs.MostAtOnce, 1, SubmitQueue.AtOnce);
        Assert.Equal(23, _programs.Ran.Count(static line => line.StartsWith("submit", StringComparison.Ordinal)));
        Assert.All(_programs.States.Values, static state => Assert.Equal("cancelled", state));
    }

    [Fact]
    public async Task A_job_that_ends_before_it_is_cancelled_is_no_error_and_one_that_stays_is()
    {
        var queue = await SubmittedAsync(2);
        var jobs = await queue.ListAsync(default);
        _programs.Answer = static line => line.StartsWith("cancel", StringComparison.Ordinal) ? FakePrograms.Failed("not allowed") : null;
        _programs.States["1"] = "done";

        var error = await Assert.ThrowsAsync<JobQueueException>(() => queue.CancelAsync(jobs, default));
        Assert.Contains("cancel 2 ended with exit code 1: not allowed", error.Message, StringComparison.Ordinal);
        _programs.States["2"] = "done";
        await queue.CancelAsync(jobs, default);
    }

    [Fact]
    public async Task A_preview_shows_what_would_be_submitted_and_leaves_nothing()
    {
        Assert.Equal("submit pbt-x-1 w\nsubmit pbt-x-2 w\n", Queue().Preview(2));
        Assert.Empty(Directory.GetFileSystemEntries(_study.Root));

        await SubmittedAsync(1);
        Assert.Equal("submit pbt-x-2 w\n", Queue().Preview(1));
    }

    [Fact]
    public async Task Jobs_of_another_backend_are_left_alone()
    {
        await SubmittedAsync(1);

        Assert.Empty(await new SubmitQueue(Commands(), "ngc", _study, _programs, _said.Add, TimeProvider.System).ListAsync(default));
    }

    private async Task<SubmitQueue> SubmittedAsync(int workers)
    {
        var queue = Queue();
        await queue.ListAsync(default);
        await queue.SubmitAsync(workers, default);
        return queue;
    }

    private SubmitQueue Queue(JobCommands? commands = null) => new(commands ?? Commands(), "submit", _study, _programs, _said.Add, TimeProvider.System);

    /// <summary>What a crash would leave: so many lines.</summary>
    private void Tear(int keep) => System.IO.File.WriteAllLines(File, [.. System.IO.File.ReadLines(File).Take(keep)]);

    private static JobCommands Commands() => new(
        new()
        {
            Submit = Line("submit", "{name}", "{worker_arguments}"),
            Status = Line("status", "{job}"),
            Cancel = Line("cancel", "{job}"),
            JobId = new PatternRule("submitted ([0-9]+)"),
            State = new PatternRule(": (.*)$"),
            States = new(["queued"], ["running"], ["done"], ["failed", "cancelled"]),
            Gone = "no such job",
            WorkingDirectory = "/",
        },
        "pbt-x",
        ["w"],
        "/runs/x",
        Slots: 1);

    private static ImmutableArray<CommandArgument> Line(params string[] arguments) => [.. arguments.Select(static text => new CommandArgument([text], Droppable: false))];
}

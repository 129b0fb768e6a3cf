using Pbt.Backends.Jobs;

namespace Pbt.Backends.Tests.Jobs;

public sealed class JobPlanTests
{
    private const int Wanted = 3;

    [Fact]
    public void As_many_workers_as_wanted_are_submitted_at_first() =>
        Assert.Equal(new JobPlan.Submit(Wanted), Next([], new JobLedger().After([], 0)));

    [Fact]
    public void Workers_that_wait_count_as_much_as_those_that_run() =>
        Assert.Equal(new JobPlan.Wait(), Next([Waiting("1"), Running("2"), Waiting("3")], new JobLedger()));

    [Fact]
    public void Jobs_that_had_ended_before_the_first_look_do_not_use_up_replacements()
    {
        Job[] jobs = [.. Enumerable.Range(0, 50).Select(i => Failed($"old{i}"))];

        Assert.Equal(new JobPlan.Submit(Wanted), Next(jobs, new JobLedger().After(jobs, 7)));
    }

    [Fact]
    public void A_worker_that_ends_is_replaced()
    {
        var ledger = new JobLedger().After([Running("1"), Running("2"), Running("3")], 0);
        Job[] now = [Failed("1"), Running("2"), Running("3")];

        Assert.Equal(new JobPlan.Submit(1), Next(now, ledger.After(now, 0)));
    }

    [Fact]
    public void A_job_that_the_scheduler_has_forgotten_counts_as_ended()
    {
        var ledger = new JobLedger().After([Running("1"), Running("2"), Running("3")], 0).After([Running("2"), Running("3")], 0);

        Assert.Equal(1, ledger.EndedInVain);
        Assert.Equal("1", ledger.LastEnded?.Id);
    }

    [Fact]
    public void A_job_that_has_ended_and_is_forgotten_before_it_was_ever_seen_counts_as_ended()
    {
        var ledger = new JobLedger().After([], 0).With([Waiting("1"), Waiting("2")]).After([Running("2")], 0);

        Assert.Equal(1, ledger.EndedInVain);
        Assert.Equal(("1", "gone"), (ledger.LastEnded?.Id, ledger.LastEnded?.State));
    }

    [Fact]
    public void A_job_that_ended_counts_once_however_often_it_is_seen()
    {
        Job[] jobs = [Failed("1"), Running("2")];
        var ledger = new JobLedger().After([Running("1"), Running("2")], 0).After(jobs, 0).After(jobs, 0).After([Running("2")], 0);

        Assert.Equal(1, ledger.EndedInVain);
    }

    [Fact]
    public void A_completed_interval_makes_up_for_all_workers_that_ended_before_it()
    {
        var ledger = new JobLedger().After([Running("1")], 0).After([Failed("1")], 0).After([Failed("1"), Running("2")], 1);

        Assert.Equal(0, ledger.EndedInVain);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4)]
    [InlineData(7)]
    public void Workers_that_end_at_once_are_replaced_only_so_often(int replacements)
    {
        var (ledger, jobs, submitted) = (new JobLedger(), new List<Job>(), 0);
        for (var look = 0; look < 100; look++)
        {
            ledger = ledger.After(jobs, 0);
            switch (JobPlan.Next(jobs, ledger, Wanted, replacements, throttle: null, isPaused: false))
            {
                case JobPlan.Submit submit:
                    jobs = [.. jobs.Select(static j => Failed(j.Id)), .. Enumerable.Range(submitted, submit.Workers).Select(i => Running($"{i}"))];
                    submitted += submit.Workers;
                    break;
                case JobPlan.GiveUp giveUp:
                    Assert.Equal(Wanted + replacements, submitted);
                    Assert.Equal(submitted, giveUp.Ended);
                    return;
                default:
                    jobs = [.. jobs.Select(static j => Failed(j.Id))];
                    break;
            }
        }

        Assert.Fail("It never gave up.");
    }

    [Fact]
    public void While_another_worker_runs_nobody_gives_up()
    {
        var ledger = new JobLedger().After([Running("1"), Running("2")], 0);
        Job[] now = [Failed("1"), Running("2")];

        Assert.Equal(new JobPlan.Wait(), JobPlan.Next(now, ledger.After(now, 0), wanted: 2, replacements: 0, throttle: null, isPaused: false));
    }

    [Fact]
    public void A_job_and_its_successor_are_one_worker()
    {
        var ledger = new JobLedger().After([Running("1") with { Seat = "0" }, Running("2") with { Seat = "1" }], 0);
        Job[] both = [Running("1") with { Seat = "0" }, Waiting("3") with { Seat = "0" }, Running("2") with { Seat = "1" }];
        Assert.Equal(new JobPlan.Wait(), JobPlan.Next(both, ledger.After(both, 0), wanted: 2, replacements: 0, throttle: null, isPaused: false));

        Job[] later = [Failed("1") with { Seat = "0" }, Running("3") with { Seat = "0" }, Running("2") with { Seat = "1" }];
        Assert.Equal(0, ledger.After(later, 0).EndedInVain);
    }

    [Fact]
    public void Those_behind_a_throttle_take_the_places_of_those_that_end()
    {
        Assert.Equal(new JobPlan.Submit(4), Throttled([]));
        Assert.Equal(new JobPlan.Wait(), Throttled([Failed("1"), Running("2"), Running("3")]));
        Assert.Equal(new JobPlan.Submit(1), Throttled([Failed("1"), Failed("2"), Running("3")]));

        static JobPlan Throttled(Job[] jobs) => JobPlan.Next(jobs, new JobLedger().After([], 0).After(jobs, 1), wanted: 4, replacements: 5, throttle: 2, isPaused: false);
    }

    [Fact]
    public void A_paused_study_gets_no_more_workers() =>
        Assert.Equal(new JobPlan.Wait(), JobPlan.Next([], new JobLedger().After([], 0), Wanted, 5, throttle: null, isPaused: true));

    [Fact]
    public void Words_tell_how_many_run_and_why_others_wait()
    {
        Assert.Equal("2 workers run, 1 waits (Resources)", JobsInWords.Of([Running("1"), Running("2"), Waiting("3"), Failed("4")]));
        Assert.Equal("1 worker waits (Resources)", JobsInWords.Of([Waiting("3")]));
        Assert.Equal("no worker runs or waits", JobsInWords.Of([Failed("4")]));
    }

    private static JobPlan Next(IReadOnlyList<Job> jobs, JobLedger ledger) => JobPlan.Next(jobs, ledger, Wanted, replacements: 5, throttle: null, isPaused: false);

    private static Job Running(string id) => new(id, JobPhase.Running, "RUNNING");

    private static Job Waiting(string id) => new(id, JobPhase.Waiting, "PENDING", "Resources");

    private static Job Failed(string id) => new(id, JobPhase.Failed, "NODE_FAIL");
}

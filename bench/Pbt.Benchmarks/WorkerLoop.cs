using System.Diagnostics;
using Pbt.Benchmarks.Journal;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Storage;
using Pbt.Testing;

namespace Pbt.Benchmarks;

/// <summary>What a worker asks of a store: complete an interval, decide and claim the next, three events in one transaction.</summary>
public static class WorkerLoop
{
    /// <summary>Creates a study with workers and a member for each.</summary>
    public static async Task CreateAsync(IStudyStore store, int workers) => await store.TransactAsync(t =>
    {
        t.Add(new StudyCreated(StudyCreated.CurrentFormat, ConformanceStudy.Spec with { Population = workers, Budget = new(Intervals: 1_000_000) }, "bench"));
        for (var i = 0; i < workers; i++)
        {
            t.Add(new MemberCreated(new(i), SyntheticStudy.Values(i)));
            t.Add(new WorkerJoined(SyntheticStudy.Worker(i), "host", Pid: 1, BootId: null, StartTime: 0, Slots: 1));
        }

        return 0;
    });

    /// <summary>Works for a time; returns how many transactions it made.</summary>
    public static async Task<int> RunAsync(IStudyStore store, int number, Stopwatch watch, double seconds)
    {
        var member = new MemberId(number);
        var worker = SyntheticStudy.Worker(number);
        var attempt = (await store.TransactAsync(t => Claim(t, member, worker))).Value;
        var count = 1;
        for (; watch.Elapsed.TotalSeconds < seconds; count++)
        {
            attempt = (await store.TransactAsync(t =>
            {
                t.Add(SyntheticStudy.Completed(attempt.Value, number));
                var interval = t.State[member].Intervals;
                t.Add(new MemberDecided(member, interval, MemberAction.Explore, Donor: null, Checkpoint: null, SyntheticStudy.Values(interval)));
                return Claim(t, member, worker);
            })).Value;
        }

        return count;
    }

    private static AttemptId Claim(StudyTransaction transaction, MemberId member, WorkerId worker)
    {
        var state = transaction.State;
        var attempt = state.NextAttempt;
        transaction.Add(new AttemptStarted(attempt, member, state[member].Intervals + 1, worker, state[member].Start, 1));
        return attempt;
    }
}

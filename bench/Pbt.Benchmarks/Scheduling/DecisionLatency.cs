using System.Collections.Immutable;
using System.Diagnostics;
using Pbt.Core.Population;
using Pbt.Core.Randomness;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Testing;

namespace Pbt.Benchmarks.Scheduling;

/// <summary>How long it takes to record a completed interval of one of 1,000 members, decide for it and claim the next.</summary>
public static class DecisionLatency
{
    private const int Members = 1000;
    private const int Rounds = 20;

    // The first rounds run code that is not yet optimised.
    private const int WarmUpRounds = 5;
    private static readonly WorkerId Worker = new("bench");

    /// <summary>Prints medians, for those that exploit and those that go on.</summary>
    public static void Run()
    {
        var spec = ConformanceStudy.Spec with { Population = Members, Mode = StudyMode.Asynchronous, Budget = new(Intervals: Rounds + 1), Exploit = new TruncationExploit() };
        var decisions = new MemberDecisions(spec);
        var transaction = new StudyTransaction(new StudyState(), DateTimeOffset.UnixEpoch);
        StudyScheduler.Create(transaction, spec, "bench");
        StudyScheduler.Join(transaction, new WorkerState(Worker, "bench", 0, BootId: null, StartTime: 0, Slots: 1));
        var random = new RandomStream(1, 0, 0, RandomPurpose.BuiltinTrainer);
        var exploited = new List<double>();
        var others = new List<double>();
        for (var i = 0; i < Members * Rounds; i++)
        {
            var assignment = ((ClaimResult.Claimed)StudyScheduler.Claim(transaction, Worker, held: null)).Assignment;
            var result = new AttemptResult.Completed(random.NextDouble(), 1, TimeSpan.Zero, [], ImmutableSortedDictionary<string, double>.Empty);
            var began = Stopwatch.GetTimestamp();
            StudyScheduler.Report(transaction, Worker, assignment.Attempt, result, decisions);
            var micros = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            if (i >= Members * WarmUpRounds)
                (transaction.State[assignment.Member].Donor is null ? others : exploited).Add(micros);
        }

        var scores = Enumerable.Range(0, Members).Select(_ => random.NextDouble()).ToArray();
        var sorting = Enumerable.Range(0, 200).Select(_ => Time(scores)).ToList();
        Print("decision, goes on", others);
        Print("decision, exploits", exploited);
        Print($"reference: sorting {Members} doubles", sorting);
    }

    private static double Time(double[] scores)
    {
        var copy = scores.ToArray();
        var began = Stopwatch.GetTimestamp();
        Array.Sort(copy);
        return Stopwatch.GetElapsedTime(began).TotalMicroseconds;
    }

    private static void Print(string what, List<double> micros)
    {
        micros.Sort();
        Report.Line($"{what}: median {micros[micros.Count / 2]:F1} us, 95 % {micros[micros.Count * 95 / 100]:F1} us, of {micros.Count}");
    }
}

using System.Globalization;
using BenchmarkDotNet.Running;
using Pbt.Benchmarks.Bandits;
using Pbt.Benchmarks.Batches;
using Pbt.Benchmarks.Checkpoints;
using Pbt.Benchmarks.Dashboards;
using Pbt.Benchmarks.Journal;
using Pbt.Benchmarks.Postgres;
using Pbt.Benchmarks.Scheduling;
using Pbt.Benchmarks.Sessions;
using Pbt.Benchmarks.Workers;

// throughput [DIRECTORY [SECONDS]]  durable transactions a second, against a bare append and sync
// postgres [SECONDS]                the same on a PostgreSQL server of its own, against bare inserts
// fold [DIRECTORY [EVENTS]]         reading, checking and folding a long journal
// open [DIRECTORY [EVENTS]]         loading a long journal without a snapshot and with one
// study DIRECTORY EVENTS            makes DIRECTORY/open, a long study
// decision                          a decision among 1,000 members
// exploit [DIRECTORY]               what an exploit costs, by the size of the checkpoint
// bandit [FILE]                     what a proposal of PB2 costs, by the rows of history; writes the data to FILE
// dashboard [DIRECTORY [INTERVALS]] what the dashboard takes to show a large study, and what is new in it
// batch [ROUNDS]                    the CartPole trainers alone: a member at a time, and in lanes
// session [DIRECTORY]               intervals a second of resident trainers, and what progress costs them
// workers DIRECTORY WORKERS PROCESSES   what many workers complete on one journal
// anything else goes to BenchmarkDotNet, such as --filter '*'
switch (args)
{
    case ["throughput", .. var rest]:
        await JournalThroughput.RunAsync(rest);
        break;
    case ["postgres", .. var rest]:
        await PostgresThroughput.RunAsync(rest);
        break;
    case ["fold", .. var rest]:
        await JournalFolding.RunAsync(rest);
        break;
    case ["open", .. var rest]:
        await JournalOpening.RunAsync(rest);
        break;
    case ["study", var directory, var events]:
        JournalOpening.Make(directory, int.Parse(events, CultureInfo.InvariantCulture));
        break;
    case ["decision"]:
        DecisionLatency.Run();
        break;
    case ["exploit", .. var rest]:
        await ExploitCost.RunAsync(rest);
        break;
    case ["bandit", .. var rest]:
        ProposalCost.Run(rest);
        break;
    case ["dashboard", .. var rest]:
        await DashboardViews.RunAsync(rest);
        break;
    case ["batch", .. var rest]:
        await TrainerCore.RunAsync(rest);
        break;
    case ["session", .. var rest]:
        await SessionOverhead.RunAsync(rest);
        break;
    case ["workers", var directory, var workers, var processes]:
        await ManyWorkers.RunAsync(directory, int.Parse(workers, CultureInfo.InvariantCulture), int.Parse(processes, CultureInfo.InvariantCulture));
        break;
    case ["workers-host", var root, var workers]:
        await ManyWorkers.WorkAsync(root, int.Parse(workers, CultureInfo.InvariantCulture));
        break;
    case ["session-train", var microseconds, var capacity]:
        await ResidentTrainer.TrainAsync(int.Parse(microseconds, CultureInfo.InvariantCulture), int.Parse(capacity, CultureInfo.InvariantCulture));
        break;
    case ["session-report", var steps, var spins]:
        await ResidentTrainer.ReportAsync(int.Parse(steps, CultureInfo.InvariantCulture), int.Parse(spins, CultureInfo.InvariantCulture));
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(JournalBenchmarks).Assembly).Run(args);
        break;
}

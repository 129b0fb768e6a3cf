using BenchmarkDotNet.Running;
using Pbt.Benchmarks.Journal;

// throughput [DIRECTORY [SECONDS]]  durable transactions a second, against a bare append and sync
// fold [DIRECTORY [EVENTS]]         reading, checking and folding a long journal
// anything else goes to BenchmarkDotNet, such as --filter '*'
switch (args)
{
    case ["throughput", .. var rest]:
        await JournalThroughput.RunAsync(rest);
        break;
    case ["fold", .. var rest]:
        await JournalFolding.RunAsync(rest);
        break;
    default:
        BenchmarkSwitcher.FromAssembly(typeof(JournalBenchmarks).Assembly).Run(args);
        break;
}

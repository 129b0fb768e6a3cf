using System.Diagnostics;
using System.Globalization;
using Pbt.Samples.CartpoleBatch;
using Pbt.Samples.Ppo;

namespace Pbt.Benchmarks.Batches;

/// <summary>Environment steps a second of the CartPole trainers, without pbt around them: one interval of 64 members, on all cores.</summary>
public static class TrainerCore
{
    private const int Population = 64;
    private const int Steps = 4096;

    /// <summary>Runs both in turn.</summary>
    /// <param name="args">How many rounds; 5 unless given.</param>
    public static async Task RunAsync(string[] args)
    {
        var rounds = args is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 5;
        var threads = Environment.ProcessorCount;
        var batch = new BatchTrainer(threads);
        List<double> single = [], lanes = [];

        // The first round, in which the methods are compiled, does not count.
        for (var round = 0; round <= rounds; round++)
        {
            var oneByOne = await MeasureAsync(members => EachAsync(members, threads));
            var together = await MeasureAsync(members => batch.TrainAsync(members, static (_, _) => Task.CompletedTask));
            if (round == 0)
                continue;
            single.Add(oneByOne);
            lanes.Add(together);
        }

        var ratios = lanes.Zip(single, static (a, b) => a / b).ToList();
        Report.Line($"trainers alone, {Population} members, {threads} threads, {rounds} rounds: {Report.Median(single):N0} environment steps a second one member at a time ({single.Min():N0} to {single.Max():N0}), {Report.Median(lanes):N0} in {BatchTrainer.Lanes} lanes ({lanes.Min():N0} to {lanes.Max():N0}): {Report.Median(ratios):F2} x ({ratios.Min():F2} to {ratios.Max():F2})");
    }

    private static async Task EachAsync(IReadOnlyCollection<BatchMember> members, int threads) => await Parallel.ForEachAsync(
        members,
        new ParallelOptions { MaxDegreeOfParallelism = threads },
        static (member, _) =>
        {
            new PpoTrainer(member.State, member.Hyperparameters).Train(member.Steps);
            return ValueTask.CompletedTask;
        });

    private static async Task<double> MeasureAsync(Func<IReadOnlyCollection<BatchMember>, Task> train)
    {
        // Epochs from 1 to 10, as a study begins with; the other settings cost nothing.
        var members = Enumerable.Range(0, Population)
            .Select(static m => new BatchMember(TrainingState.Create(PpoTask.CartPole, (ulong)m), new Hyperparameters(Epochs: 1 + (m % 10)), Steps))
            .ToList();
        var watch = Stopwatch.StartNew();
        await train(members);
        return Population * Steps / watch.Elapsed.TotalSeconds;
    }
}

using System.Collections.Concurrent;
using Pbt.Samples.CartpoleBatch.Lanes;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch;

/// <summary>Trains many members at once, each in a lane of the processor's vectors.</summary>
/// <remarks>
/// A member's result depends on its own state, hyperparameters and steps alone. One call at a time.
/// </remarks>
public sealed class BatchTrainer
{
    private readonly LaneTrainer[] _trainers;

    /// <param name="threads">How many groups of lanes train at once; at least 1.</param>
    public BatchTrainer(int threads) => _trainers = [.. Enumerable.Range(0, threads).Select(static _ => new LaneTrainer())];

    /// <summary>Members that one vector of this processor holds.</summary>
    /// <remarks>16 with AVX-512, if the variable <c>DOTNET_MaxVectorTBitWidth</c> is 512; 8 with AVX2; 4 with NEON.</remarks>
    public static int Lanes => LaneBuffer.Lanes;

    /// <summary>Trains all members.</summary>
    /// <param name="members">Any number.</param>
    /// <param name="trained">Called for each member as soon as it is done, by the thread that trained it.</param>
    /// <param name="cancellationToken">Looked at before each rollout.</param>
    /// <exception cref="OperationCanceledException">It was cancelled: some members have not been trained.</exception>
    public async Task TrainAsync(
        IReadOnlyCollection<BatchMember> members, Func<BatchMember, TrainingSummary, Task> trained, CancellationToken cancellationToken = default)
    {
        var groups = new ConcurrentQueue<BatchMember[]>(Groups(members));
        await Task.WhenAll(_trainers.Select(trainer => Task.Run(
            async () =>
            {
                while (groups.TryDequeue(out var group))
                {
                    var summaries = trainer.Train(group, cancellationToken);
                    foreach (var (member, summary) in group.Zip(summaries))
                        await trained(member, summary);
                }
            },
            cancellationToken)));
    }

    /// <summary>Those together that take about as long, since a group takes as long as its longest; the longest first, so that threads end together.</summary>
    private static IEnumerable<BatchMember[]> Groups(IEnumerable<BatchMember> members) => members
        .GroupBy(static member => member.Steps)
        .SelectMany(static same => same.OrderByDescending(static member => member.Hyperparameters.Epochs).Chunk(Lanes));
}

using Pbt.Client;
using Pbt.Samples.Ppo;

namespace Pbt.Samples.CartpoleBatch;

/// <summary>What the places have in memory: the ends of the intervals that they completed.</summary>
/// <remarks>Safe for concurrent use as long as no two threads deal with one place.</remarks>
public sealed class HeldStates(int places)
{
    private readonly (TrainingInterval Interval, TrainingState State)?[] _held = new (TrainingInterval, TrainingState)?[places];

    /// <summary>How many states were copied from another place instead of being loaded.</summary>
    public int Copies { get; private set; }

    /// <summary>Where each interval of a batch starts; the places are empty afterwards.</summary>
    /// <remarks>All at once, since training changes a state in place: a donor's is to be copied before.</remarks>
    /// <param name="batch">Intervals that start together.</param>
    /// <param name="failed">Takes those whose checkpoint cannot be loaded; they get no state.</param>
    public IReadOnlyList<(TrainingInterval Interval, TrainingState State)> TakeUp(
        IReadOnlyList<TrainingInterval> batch, Action<TrainingInterval, Exception> failed)
    {
        var taken = new List<(TrainingInterval, TrainingState)>(batch.Count);
        foreach (var interval in batch)
        {
            try
            {
                var state = Find(interval);

                // Draw anew, also in memory: two members that go on from one checkpoint would else live through the same luck, and what
                // comes of an interval must not depend on whether its start had to be loaded.
                if (interval.CheckpointIn is not null)
                    state.Random = Generator.FromSeed((ulong)interval.Seed);
                taken.Add((interval, state));
            }
            catch (Exception exception) when (exception is InvalidDataException or IOException or UnauthorizedAccessException)
            {
                failed(interval, exception);
            }
        }

        foreach (var interval in batch)
            _held[interval.Place] = null;
        return taken;
    }

    /// <summary>Remembers how an interval ended, in its place.</summary>
    public void Hold(TrainingInterval interval, TrainingState state) => _held[interval.Place] = (interval, state);

    private TrainingState Find(TrainingInterval interval)
    {
        if (interval.CheckpointIn is not { } directory)
            return TrainingState.Create(PpoTask.CartPole, (ulong)interval.Seed);
        if (!interval.Reload && _held[interval.Place] is { } own)
            return own.State;
        foreach (var held in _held)
        {
            if (held is not { } donor || !IsCheckpoint(interval, donor.Interval))
                continue;
            Copies++;
            return Checkpoint.Copy(donor.State);
        }

        return Checkpoint.Load(PpoTask.CartPole, directory);
    }

    /// <summary>Whether an interval starts from what another left.</summary>
    /// <remarks>
    /// By member and interval, and by the attempt too, since an interval may be repeated elsewhere: pbt publishes a checkpoint under the
    /// end of the name that it was written under. Where the names say nothing, the checkpoint is loaded.
    /// </remarks>
    private static bool IsCheckpoint(TrainingInterval start, TrainingInterval end) =>
        start.Donor == new IntervalOrigin(end.Member, end.Interval)
        && Path.GetFileName(end.CheckpointOut).EndsWith(Path.GetFileName(start.CheckpointIn!), StringComparison.Ordinal);
}

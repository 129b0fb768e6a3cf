using System.Collections.Immutable;
using Pbt.Core.Studies;
using Pbt.Runtime.Resources;

namespace Pbt.Cli.Sweeps;

/// <summary>Runs what is outstanding of a sweep, some at a time.</summary>
/// <param name="services">The world.</param>
/// <param name="board">Is told how it goes.</param>
/// <param name="more">Further arguments of a run's <c>pbt run</c>.</param>
/// <param name="failFast">Whether no further run is begun after one has failed.</param>
internal sealed class SweepLaunch(CliServices services, SweepBoard board, Func<SweepRun, IReadOnlyList<string>> more, bool failFast)
{
    /// <summary>Runs until all have ended or it is asked to stop; a failure is a result, and the others go on.</summary>
    /// <param name="standing">The runs; those that have ended are returned as they are.</param>
    /// <param name="shares">What the runs at one time may use of this machine, each a share.</param>
    /// <param name="stop">Asks to stop in order.</param>
    /// <param name="kill">Ends all at once.</param>
    public async Task<ImmutableArray<StandingRun>> RunAsync(
        IReadOnlyList<StandingRun> standing, IReadOnlyList<MachineShare> shares, CancellationToken stop, CancellationToken kill)
    {
        var states = standing.ToDictionary(static s => s.Run, static s => s.State);
        var waiting = new Queue<SweepRun>(standing.Where(static s => s.IsOutstanding).Select(static s => s.Run));
        var free = new Queue<MachineShare>(shares);
        var going = new List<Task<(StandingRun Ended, MachineShare Share)>>();
        var hasFailed = false;
        while (true)
        {
            while (waiting.Count > 0 && free.Count > 0 && !stop.IsCancellationRequested && !(failFast && hasFailed))
                going.Add(RunAsync(waiting.Dequeue(), free.Dequeue(), stop, kill));

            if (going.Count == 0)
                return [.. standing.Select(s => s with { State = states[s.Run] })];

            var first = await Task.WhenAny(going);
            going.Remove(first);
            var (ended, share) = await first;
            states[ended.Run] = ended.State;
            hasFailed |= ended.State is RunState.Failed;
            free.Enqueue(share);
            board.Ended(ended);
        }
    }

    private async Task<(StandingRun Ended, MachineShare Share)> RunAsync(SweepRun run, MachineShare share, CancellationToken stop, CancellationToken kill)
    {
        try
        {
            return (new(run, await new StudyProcess(services, run, more(run)).RunAsync(share, board, stop, kill)), share);
        }
        catch (Exception failure) when (failure is PbtException or IOException or UnauthorizedAccessException)
        {
            return (new(run, new RunState.Failed(failure.Message)), share);
        }
    }
}

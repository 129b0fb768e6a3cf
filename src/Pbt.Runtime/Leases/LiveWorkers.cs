using Pbt.Core.Population;
using Pbt.Runtime.Processes;
using Pbt.Storage;

namespace Pbt.Runtime.Leases;

/// <summary>A worker that is alive, and how that is known.</summary>
/// <param name="Worker">Its name.</param>
/// <param name="Evidence">In words.</param>
public sealed record LiveWorker(WorkerId Worker, string Evidence);

/// <summary>Finds workers that are alive without asking the log, which may not be able to say.</summary>
/// <remarks>Stateless; thread-safe.</remarks>
public static class LiveWorkers
{
    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(5);

    /// <summary>Those whose processes run on this host, and those whose heartbeats move while one looks.</summary>
    /// <remarks>Takes two and a half beats if there are heartbeats of workers whose processes cannot be seen from here.</remarks>
    /// <param name="study">Where their heartbeats are.</param>
    /// <param name="known">Those that the log speaks of.</param>
    /// <param name="lease">How long a worker may be silent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<LiveWorker>> FindAsync(
        StudyDirectory study, IReadOnlyCollection<WorkerState> known, TimeSpan lease, TimeProvider time, CancellationToken cancellationToken)
    {
        var heartbeats = new FileHeartbeats(study);
        var seen = known.ToDictionary(static w => w.Id, WorkerWatch.Observe);
        var running = known.Where(w => seen[w.Id] == ProcessPresence.Running)
            .Select(static w => new LiveWorker(w.Id, $"its process {w.Pid} runs on this host")).ToList();
        var watched = heartbeats.List().Where(id => !seen.TryGetValue(id, out var presence) || presence is not (ProcessPresence.Running or ProcessPresence.Gone))
            .ToDictionary(static id => id, heartbeats.Read);
        if (watched.Count == 0)
            return running;

        var beat = lease / 6 < LongestBeat ? lease / 6 : LongestBeat;
        await Task.Delay(beat * 2.5, time, cancellationToken);
        return [.. running, .. watched.Where(w => heartbeats.Read(w.Key) != w.Value).Select(static w => new LiveWorker(w.Key, "its heartbeat moves"))];
    }
}

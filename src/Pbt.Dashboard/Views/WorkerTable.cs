using Pbt.Core.Population;

namespace Pbt.Dashboard.Views;

/// <summary>A worker that joined once, there or gone.</summary>
/// <param name="Version">The last event about it.</param>
/// <param name="State">What it said of itself when it joined.</param>
/// <param name="Joined">When, in milliseconds since the log's beginning.</param>
/// <param name="Ended">When it left or was lost; null while it counts as alive.</param>
/// <param name="Loss">Why it was lost; null if it was not.</param>
internal sealed record WorkerRow(long Version, WorkerState State, long Joined, long? Ended, string? Loss);

/// <summary>Every worker that ever joined, in that order.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class WorkerTable
{
    private readonly List<WorkerRow> _rows = [];
    private readonly Dictionary<WorkerId, int> _present = [];

    /// <summary>The workers.</summary>
    public IReadOnlyList<WorkerRow> Rows => _rows;

    /// <summary>The row of a worker that counts as alive; −1 if there is none.</summary>
    public int RowOf(WorkerId worker) => _present.GetValueOrDefault(worker, -1);

    /// <summary>A worker joined.</summary>
    public void Join(long version, WorkerJoined e, long time)
    {
        _present[e.Worker] = _rows.Count;
        _rows.Add(new WorkerRow(version, new WorkerState(e.Worker, e.Host, e.Pid, e.BootId, e.StartTime, e.Slots), time, Ended: null, Loss: null));
    }

    /// <summary>A worker is gone, with the reason if it was lost.</summary>
    public void End(long version, WorkerId worker, long time, string? loss)
    {
        if (_present.Remove(worker, out var row))
            _rows[row] = _rows[row] with { Version = version, Ended = time, Loss = loss };
    }

    /// <summary>All are gone.</summary>
    public void EndAll(long version, long time, string loss)
    {
        foreach (var worker in _present.Keys.ToList())
            End(version, worker, time, loss);
    }
}

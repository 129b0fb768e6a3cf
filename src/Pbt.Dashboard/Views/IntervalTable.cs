using Pbt.Core.Population;

namespace Pbt.Dashboard.Views;

/// <summary>What a row of an <see cref="IntervalTable"/> says.</summary>
internal enum IntervalKind
{
    /// <summary>The interval completed.</summary>
    Completed,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>The member's last row counts no more: its failed interval is open again.</summary>
    Reopened,
}

/// <summary>One ended interval as the page needs it.</summary>
/// <param name="Version">The event that ended it.</param>
/// <param name="Member">Whose.</param>
/// <param name="Kind">How it ended.</param>
/// <param name="Score">Its score; NaN if it has none.</param>
/// <param name="Smoothed">Its smoothed score; NaN if it has none.</param>
/// <param name="Parent">The row of the interval whose checkpoint it started from, or −1.</param>
/// <param name="Donor">The member that its member inherited from just before, or −1.</param>
/// <param name="Set">What it was trained with: a row of the <see cref="HyperparameterTable"/>.</param>
/// <param name="Steps">Trainer steps in it.</param>
/// <param name="Worker">Who ran it: a row of the <see cref="WorkerTable"/>.</param>
/// <param name="End">When it ended, in milliseconds since the log's beginning.</param>
/// <param name="Duration">How long it took, in milliseconds.</param>
internal readonly record struct IntervalRow(
    long Version, int Member, IntervalKind Kind, double Score, double Smoothed, int Parent, int Donor, int Set, long Steps, int Worker, long End, long Duration);

/// <summary>Every ended interval of a study in the order of its log; rows are only ever added.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class IntervalTable
{
    private readonly List<IntervalRow> _rows = [];
    private readonly List<List<int>> _ofMember = [];

    /// <summary>The rows.</summary>
    public IReadOnlyList<IntervalRow> Rows => _rows;

    /// <summary>Makes room for the next member.</summary>
    public void AddMember() => _ofMember.Add([]);

    /// <summary>How many intervals of a member count.</summary>
    public int CountOf(int member) => _ofMember[member].Count;

    /// <summary>Adds an ended interval.</summary>
    public void Add(IntervalRow row)
    {
        if (row.Kind == IntervalKind.Reopened)
            _ofMember[row.Member].RemoveAt(_ofMember[row.Member].Count - 1);
        else
            _ofMember[row.Member].Add(_rows.Count);

        _rows.Add(row);
    }

    /// <summary>The row of the interval that produced a checkpoint; −1 for none.</summary>
    public int RowOf(CheckpointId? checkpoint)
    {
        if (checkpoint is not { } id || id.Member.Value >= _ofMember.Count || id.Interval < 1 || id.Interval > _ofMember[id.Member.Value].Count)
            return -1;

        return _ofMember[id.Member.Value][id.Interval - 1];
    }

    /// <summary>The first row after a version.</summary>
    public int FirstAfter(long version) => Ascending.FirstAfter(_rows, static row => row.Version, version);
}

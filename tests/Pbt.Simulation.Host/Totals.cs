using System.Globalization;
using Pbt.Testing.Simulation;

namespace Pbt.Simulation.Host;

/// <summary>What all simulations so far came to.</summary>
internal sealed class Totals
{
    private readonly SortedDictionary<Faults, long> _faults = [];
    private long _failed;
    private long _events;
    private long _turns;
    private long _workers;
    private TimeSpan _time;

    public int Studies { get; private set; }

    public long Completed { get; private set; }

    public void Add(FaultReport report)
    {
        Studies++;
        Completed += report.Completed;
        _failed += report.Failed;
        _events += report.Events;
        _turns += report.Turns;
        _workers += report.Processes;
        _time += report.Time;
        foreach (var (fault, count) in report.Faults)
            _faults[fault] = _faults.GetValueOrDefault(fault) + count;
    }

    public string Line(TimeSpan wall) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Studies} studies, {Completed} intervals completed and {_failed} failed, {_workers} workers, {_events} events, {_turns} turns, {_time.TotalDays:F1} simulated days in {wall.TotalSeconds:F1} s: {Completed / wall.TotalSeconds:F0} intervals/s, {_events / wall.TotalSeconds:F0} events/s, {_turns / wall.TotalSeconds:F0} turns/s");

    public string FaultLine() =>
        $"{_faults.Values.Sum()} faults: " + string.Join(", ", _faults.Select(static f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} {f.Value}")));
}

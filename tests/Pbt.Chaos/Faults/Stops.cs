using System.Diagnostics;
using System.Globalization;
using Pbt.Chaos.Checks;
using Pbt.Chaos.Rounds;
using Pbt.Harness;

namespace Pbt.Chaos.Faults;

/// <summary>SIGSTOP to a worker until it counts as dead, then SIGCONT: a zombie.</summary>
internal sealed class StopWorker(bool withTrainers) : Fault
{
    private static readonly TimeSpan Patience = RoundPlan.Lease * 5;

    public override string Kind => withTrainers ? "stop worker and trainers past the lease" : "stop worker past the lease";

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        await field.UntilAsync(() => field.Open == 0 && field.Workers().Count > 1 && field.Trainers().Count > 0, Patience * 1.5);
        if (field.Open > 0 || field.Workers() is not { Count: > 1 } workers || field.Any(workers) is not { } victim || !Stop(field, victim))
            return false;

        var stopped = new List<int> { victim.Pid };
        if (withTrainers)
            stopped.AddRange(TrainersOf(field, victim.Pid).Where(static pid => Signals.Send(pid, Signal.Stop)));

        var since = field.Timeline.Elapsed;
        var version = field.Journal.Version;
        var extra = field.Between(0, 600);
        TimeSpan? lost = null;
        field.Timeline.Add($"{Kind}: {string.Join(' ', stopped)}");
        field.Begin(new OpenFault(Kind, must =>
        {
            if (lost is null && IsLost(field, victim.Pid, version))
                lost = field.Timeline.Elapsed;

            var isOver = must || field.Timeline.Elapsed - since > Patience || (lost is { } then && field.Timeline.Elapsed > then + extra);
            if (!isOver)
                return Task.FromResult<bool?>(null);

            foreach (var pid in stopped)
                Signals.Send(pid, Signal.Continue);

            field.Timeline.Add($"SIGCONT to {string.Join(' ', stopped)}, {(lost is null ? "which nobody had taken for dead" : "which counts as dead")}");
            return Task.FromResult<bool?>(lost is not null);
        }));
        return null;
    }

    /// <summary>Stops it at a moment at which it does not hold the journal's lock.</summary>
    private static bool Stop(Battlefield field, FoundProcess victim)
    {
        for (var attempt = 0; attempt < 20; attempt++)
        {
            if (!Signals.Send(victim.Pid, Signal.Stop))
                return false;

            SpinWait.SpinUntil(() => FoundProcess.IsStopped(victim.Pid), 100);
            if (!JournalLock.IsHeldBy(victim.Pid))
                return FoundProcess.IsStopped(victim.Pid);

            Signals.Send(victim.Pid, Signal.Continue);
        }

        return false;
    }

    private static IEnumerable<int> TrainersOf(Battlefield field, int worker) => field.Study.Processes()
        .Where(p => p.IsOfTrainer && p.Environment.Values.Any(value => value.Contains(string.Create(CultureInfo.InvariantCulture, $"-{worker}-"), StringComparison.Ordinal)))
        .Select(static p => p.Pid);

    private static bool IsLost(Battlefield field, int worker, int version) => field.Journal.After(version).Exists(line =>
        line.Type == "worker_lost" && line.String("worker").Contains(string.Create(CultureInfo.InvariantCulture, $"-{worker}-"), StringComparison.Ordinal));
}

/// <summary>SIGSTOP to a worker that holds the journal's lock: nobody can go on until it does, or is killed.</summary>
internal sealed class StopLockHolder : Fault
{
    private static readonly TimeSpan Hunt = TimeSpan.FromSeconds(1.5);

    public override string Kind => "stop the journal's lock holder";

    public override async Task<bool?> InflictAsync(Battlefield field)
    {
        var long_ = field.Random.Next(6) == 0;
        var kills = field.Random.Next(2) == 0;
        var length = long_ ? TimeSpan.FromSeconds(11.5) : field.Between(200, 2500);
        await field.UntilAsync(() => field.Open == 0 && field.Fleet.Workers.Count > 0 && field.Workers().Count > 1, RoundPlan.Lease * 6);
        if (field.Open > 0 || Catch(field) is not { } holder)
            return false;

        field.Timeline.Add($"{Kind}: {holder}, for {length.TotalSeconds:F1} s");
        var witnesses = field.Fleet.Workers.Where(w => w.Pid != holder).ToList();
        var since = field.Journal.Version;
        await field.PauseAsync(length);
        if (field.Journal.Version > since + 1 && JournalLock.IsHeldBy(holder))
            field.Violations.Add(new Violation(Invariant.Behaviour, $"the journal grew while a stopped process ({holder}) held its lock"));

        if (long_ && witnesses.Exists(static w => !w.HasExited) && !witnesses.Exists(w => SaysSo(w, holder)))
            field.Violations.Add(new Violation(Invariant.Behaviour, $"nobody said that process {holder}, which is stopped, holds the journal's lock: {field.Fleet.Printed()}"));

        Signals.Send(holder, kills ? Signal.Kill : Signal.Continue);
        field.Timeline.Add($"{(kills ? "SIGKILL" : "SIGCONT")} to {holder}");
        var before = field.Journal.Version;
        if (!await field.UntilAsync(() => field.Journal.Version > before || field.Journal.HasEnded, TimeSpan.FromSeconds(30)))
            field.Violations.Add(new Violation(Invariant.Progress, $"nothing happens 30 s after the lock of {holder} was free again"));

        return true;
    }

    private static bool SaysSo(PbtProcess worker, int holder) =>
        worker.Printed.Contains("waiting for the study's log", StringComparison.Ordinal) && worker.Printed.Contains(holder.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);

    /// <summary>Stops all workers when the lock is held, until one of them holds it then; the others go on.</summary>
    private static int? Catch(Battlefield field)
    {
        using var journal = new JournalLock(field.Study.JournalPath);
        var workers = field.Workers().ConvertAll(static w => w.Pid);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Hunt)
        {
            if (!journal.IsHeld())
                continue;

            workers.ForEach(static pid => Signals.Send(pid, Signal.Stop));
            SpinWait.SpinUntil(() => workers.TrueForAll(static pid => FoundProcess.IsStopped(pid) || !Signals.Send(pid, Signal.None)), 100);
            var holder = workers.Find(JournalLock.IsHeldBy);
            workers.Where(pid => pid != holder).ToList().ForEach(static pid => Signals.Send(pid, Signal.Continue));
            if (holder != 0)
                return holder;
        }

        return null;
    }
}

using Microsoft.Extensions.Logging.Abstractions;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Workers;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Memory;
using Pbt.Storage.Metrics;

namespace Pbt.Testing.Simulation;

/// <summary>Runs a study by the real worker loop in virtual time, while everything goes wrong that may.</summary>
/// <remarks>
/// A function of its scenario. After a while the faults end: a study that then makes no progress has lost something. Not
/// thread-safe.
/// </remarks>
public sealed class FaultSimulation
{
    private const int TurnsBetweenChecks = 256;
    private static readonly TimeSpan UsualInterval = TimeSpan.FromSeconds(10);

    private readonly FaultScenario _scenario;
    private readonly FaultDoctor _doctor;
    private readonly StudySpec _spec;
    private readonly VirtualWorld _world;
    private readonly FaultWeather _weather;
    private readonly CheckpointVault _vault = new();
    private readonly StudyAuditor _auditor;
    private readonly SimulatedLog _log;
    private readonly VirtualProcess _user;
    private readonly Dictionary<WorkerId, long> _counters = [];
    private readonly Dictionary<int, VirtualProcess> _processes = [];
    private readonly List<SimulatedWorker> _workers = [];
    private readonly Dictionary<VirtualProcess, SimulatedWorker> _workerOf = [];
    private int _started;
    private TimeSpan _calmSince;

    private FaultSimulation(FaultScenario scenario, FaultDoctor doctor)
    {
        _scenario = scenario;
        _doctor = doctor;
        _spec = scenario.Spec();
        _world = new VirtualWorld(scenario.Seed) { BeforeTurn = Strike };
        _weather = new FaultWeather(scenario);
        _auditor = new StudyAuditor(_world, _vault);
        _user = _world.NewProcess();
        _log = new SimulatedLog(new MemoryStudyStore(new MemoryStudyLog(), _user.Time), _auditor);
    }

    private bool HasEnded => _auditor.State.Phase == StudyPhase.Completed || (_weather.IsCalm && _auditor.State.Phase == StudyPhase.Failed);

    private bool IsOver => HasEnded && _workers.TrueForAll(static w => !w.IsThere);

    /// <summary>When the faults end: a study without any would be over long before.</summary>
    private TimeSpan CalmAt => (3 * UsualInterval * _scenario.Intervals * Math.Max(1, _spec.FirstMembers / (double)_scenario.Workers)) + (10 * _spec.Lease);

    /// <summary>How long a calm study may do nothing: everyone dead is found, the longest interval ends, pauses have grown.</summary>
    private TimeSpan LongestSilence => (6 * _spec.Lease) + (20 * UsualInterval) + TimeSpan.FromMinutes(2);

    /// <summary>Runs the scenario to its end, or to the first violation.</summary>
    public static FaultReport Run(FaultScenario scenario, FaultDoctor? doctor = null)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        return new FaultSimulation(scenario, doctor ?? new FaultDoctor()).Run();
    }

    private FaultReport Run()
    {
        _user.Do(() => _ = CreateAsync());
        try
        {
            for (var turns = 1; _auditor.Violation is null && _world.Escape is null && !(turns % TurnsBetweenChecks == 0 && IsOver); turns++)
            {
                if (!_world.Step())
                    break;

                if (turns % TurnsBetweenChecks == 0)
                    CheckProgress();
            }
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            _auditor.Violate($"a turn ended with {error}");
        }

        if (_world.Escape is { } escape)
            _auditor.Violate($"something left the world's thread:\n{escape}");

        if (_auditor.Violation is null)
            CheckEnd();

        return Report();
    }

    private FaultReport Report() => new(
        _scenario,
        _auditor.Violation,
        _auditor.Completed,
        _auditor.State.Exists ? _auditor.State.FailedIntervals : 0,
        _auditor.Events,
        _world.Turns,
        _started,
        _world.Now,
        OutcomeDigest.Of(_auditor.State),
        _auditor.Fingerprint,
        _weather.Happened,
        _auditor.Violation is null ? [] : [.. _auditor.Recent]);

    private async Task CreateAsync()
    {
        await _log.CommitAsync(_user, transaction =>
        {
            StudyScheduler.Create(transaction, _spec, "simulated");
            return true;
        });
        _user.Do(() => _ = KeepWorkersAsync());
        if (_scenario.Faults.HasFlag(Faults.User))
            _user.Do(() => _ = new SimulatedUser(StudyOf(_user), _user, _weather, _auditor, _spec).RunAsync());
    }

    /// <summary>Starts workers, and others for those that are gone.</summary>
    private async Task KeepWorkersAsync()
    {
        while (!HasEnded)
        {
            if (!_auditor.State.HasEnded)
            {
                for (var missing = _scenario.Workers - _workers.Count(static w => w.IsThere); missing > 0; missing--)
                    StartWorker();
                if (_weather.Strikes(Faults.Join, 0.2))
                    StartWorker();
            }

            await Task.Delay(_weather.About(UsualInterval), _user.Time);
        }
    }

    private void StartWorker()
    {
        var process = _world.NewProcess();
        var worker = new SimulatedWorker(process, stop: new(), kill: new());
        _started++;
        _processes.Add(process.Number, process);
        _workers.RemoveAll(static w => !w.IsThere);
        _workers.Add(worker);
        _workerOf.Add(process, worker);
        var options = new WorkerOptions
        {
            Slots = [.. Enumerable.Range(0, 1 + _weather.Next(_scenario.Slots)).Select(static index => new Slot(index, Gpus: null))],
            Runners = _ => new SimulatedRunner(_vault, _auditor, process, _weather, UsualInterval),
            NeedsGuard = false,
            Machine = new SimulatedMachine(process, _processes),
        };
        worker.Start(new Worker(StudyOf(process), options, process.Time, NullLogger.Instance), _auditor);
    }

    private OpenStudy StudyOf(VirtualProcess process)
    {
        IStudyStore store = new SimulatedStore(_log, process, _weather, _spec.Lease);
        ICheckpointStore checkpoints = new SimulatedCheckpoints(_vault, _auditor, process, _weather);
        store = new AuditedStore(_doctor.Store?.Invoke(store) ?? store, _log, _auditor);
        var directory = new StudyDirectory("/nowhere");
        return new OpenStudy(
            directory,
            store,
            _doctor.Checkpoints?.Invoke(checkpoints) ?? checkpoints,
            new MetricsLog(directory, process.Time),
            new SimulatedHeartbeats(_counters, process, _weather, _spec.Lease))
        {
            Files = new SimulatedFiles(_weather),
        };
    }

    /// <summary>Before each turn of a worker: it may be its last, or the last for a while.</summary>
    private void Strike(VirtualProcess process)
    {
        if (_weather.IsCalm || !_workerOf.TryGetValue(process, out var worker))
            return;

        if (_weather.Strikes(Faults.Crash, 0.005))
        {
            _auditor.Note($"p{process.Number} crashes");
            process.Die();
        }
        else if (_weather.Strikes(Faults.Freeze, 0.005))
        {
            _auditor.Note($"p{process.Number} freezes");
            process.Freeze();
            _user.Do(() => _ = ThawAsync(process));
        }
        else if (_weather.Strikes(Faults.Stop, 0.002))
        {
            _auditor.Note($"p{process.Number} is asked to stop");
            if (_weather.Next(3) == 0)
                worker.Kill();
            else
                worker.Stop();
        }
    }

    private async Task ThawAsync(VirtualProcess process)
    {
        await Task.Delay(_weather.About(_spec.Lease), _user.Time);
        _auditor.Note($"p{process.Number} thaws");
        process.Thaw();
    }

    private void CheckProgress()
    {
        if (!_weather.IsCalm)
        {
            if (_world.Now > CalmAt)
            {
                _auditor.Note("the faults end");
                _weather.IsCalm = true;
                _calmSince = _world.Now;
            }

            return;
        }

        var since = _auditor.LastProgress > _calmSince ? _auditor.LastProgress : _calmSince;
        if (_world.Now - since > LongestSilence)
            _auditor.Violate($"nothing has happened since {since.TotalSeconds:F3} s; the study is {_auditor.State.Phase}, and {_workers.Count(static w => w.IsThere)} workers are there");
        else if (_world.Now - _calmSince > LongestSilence)
            _auditor.CheckNothingIsLeaked(LongestSilence);
    }

    private void CheckEnd()
    {
        if (!IsOver)
        {
            _auditor.Violate("nothing is left to happen, and the study has not ended");
            return;
        }

        var verification = new Verification(_log.Events().Select(Verification.ProposedBy).OfType<MemberDecided>());
        foreach (var recorded in _log.Events())
            verification.Verify(recorded);

        _auditor.CheckAccount(verification.State);
        if (verification.Result.Differences is [var first, ..])
            _auditor.Violate($"event {first.Version} is {first.Recorded}, and recomputed {first.Recomputed}");
    }
}

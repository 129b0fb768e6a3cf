using Microsoft.Extensions.Logging.Abstractions;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime.Leases;
using Pbt.Runtime.Resources;
using Pbt.Runtime.Trainers;
using Pbt.Runtime.Trainers.InProcess;
using Pbt.Runtime.Workers;
using Pbt.Storage;
using Pbt.Storage.Checkpoints;
using Pbt.Storage.Memory;
using Pbt.Storage.Metrics;

namespace Pbt.Runtime.Tests.Workers;

/// <summary>A study in memory whose trainers are functions of the test.</summary>
internal sealed class HostedStudy : IAsyncDisposable
{
    private readonly MemoryStudyLog _log = new();
    private readonly StudyDirectory _directory = new(Directory.CreateTempSubdirectory("pbt-test-").FullName);

    private HostedStudy(Func<IStudyStore, IStudyStore> wrap) => Study = Open(wrap);

    public OpenStudy Study { get; }

    /// <summary>Creates the study.</summary>
    /// <param name="spec">What it is to do.</param>
    /// <param name="wrap">What the workers see of the store; by default the store itself.</param>
    public static async Task<HostedStudy> CreateAsync(StudySpec spec, Func<IStudyStore, IStudyStore>? wrap = null)
    {
        var hosted = new HostedStudy(wrap ?? (static store => store));
        await hosted.Study.Store.TransactAsync(transaction =>
        {
            StudyScheduler.Create(transaction, spec, "test");
            return true;
        });
        return hosted;
    }

    /// <summary>Starts a worker whose slots train by this function; its checkpoints may come from another store.</summary>
    public Task<WorkerExit> WorkAsync(
        Func<TrainingInterval, CancellationToken, ValueTask<TrainerResult>> train,
        int slots = 1,
        int places = 1,
        ICheckpointStore? checkpoints = null,
        CancellationToken stop = default,
        CancellationToken kill = default)
    {
        var options = new WorkerOptions
        {
            Slots = [.. Enumerable.Range(0, slots).Select(static index => new Slot(index, Gpus: null))],
            Runners = _ => new InProcessRunner(new FunctionTrainer(train), TimeProvider.System),
            NeedsGuard = false,
            Places = places,
        };
        return new Worker(Study with { Checkpoints = checkpoints ?? Study.Checkpoints }, options, TimeProvider.System, NullLogger.Instance).RunAsync(stop, kill);
    }

    public async Task<StudyState> LoadAsync()
    {
        var state = new StudyState();
        await foreach (var recorded in Study.Store.ReadAsync(0))
            state.Apply(recorded);

        return state;
    }

    public async ValueTask DisposeAsync()
    {
        await Study.DisposeAsync();
        Directory.Delete(_directory.Root, recursive: true);
    }

    /// <summary>Leaves a checkpoint and gives a score.</summary>
    public static ValueTask<TrainerResult> Train(TrainingInterval interval, double score)
    {
        File.WriteAllText(Path.Combine(interval.CheckpointOut, "weights"), interval.ToString());
        return ValueTask.FromResult(TrainerResult.Of(score));
    }

    private OpenStudy Open(Func<IStudyStore, IStudyStore> wrap) => new(
        _directory,
        wrap(new MemoryStudyStore(_log, TimeProvider.System)),
        new DirectoryCheckpointStore(_directory),
        new MetricsLog(_directory, TimeProvider.System),
        new FileHeartbeats(_directory));

    private sealed class FunctionTrainer(Func<TrainingInterval, CancellationToken, ValueTask<TrainerResult>> train) : ITrainer
    {
        public ValueTask<TrainerResult> TrainAsync(TrainingInterval interval, CancellationToken cancellationToken) => train(interval, cancellationToken);
    }
}

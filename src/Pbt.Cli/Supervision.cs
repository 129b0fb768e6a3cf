using Pbt.Backends;
using Pbt.Backends.Local;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage;
using Pbt.Storage.Logs;

namespace Pbt.Cli;

/// <summary>Keeps workers running while a study has work, and shows how it goes.</summary>
internal sealed class Supervision(CliServices services, OpenStudy study, StudyDirectory directory, int? slots)
{
    private const int MaxEndsInVain = 5;

    /// <summary>Runs until the study ends or it is asked to stop, and returns the last state.</summary>
    public async Task<StudyState> RunAsync(CancellationToken stop, CancellationToken kill)
    {
        using var following = new CancellationTokenSource();
        var followed = new StudyFollower(services.Time, new Patience(services.Error, services.Time)).FollowAsync(study, StudyView.For(services), following.Token);
        try
        {
            if (!await KeepWorkersAsync(stop, kill))
                await following.CancelAsync();
        }
        catch
        {
            await following.CancelAsync();
            await followed;
            throw;
        }

        var last = await followed;
        return last.HasEnded ? last : await StudyLoader.LoadAsync(study, CancellationToken.None);
    }

    /// <summary>Starts a worker, and another when one ends before its time; true once the study has ended.</summary>
    private async Task<bool> KeepWorkersAsync(CancellationToken stop, CancellationToken kill)
    {
        var backend = new LocalBackend(services.SelfCommand, services.Time);
        var endsInVain = 0;
        var progress = -1L;
        while (true)
        {
            var end = await RunWorkerAsync(backend, stop, kill);
            if (await LoadAsync(stop) is not { } state)
                return false;

            if (state.HasEnded)
                return true;

            if (stop.IsCancellationRequested)
                return false;

            endsInVain = state.CompletedIntervals > progress ? 1 : endsInVain + 1;
            progress = state.CompletedIntervals;
            if (end.ExitCode is ExitCode.BadRequest or ExitCode.Damaged || endsInVain >= MaxEndsInVain)
                throw new InvalidRequestException($"workers cannot go on: {end.Description}; its log ends with:{Environment.NewLine}{LogTail.Shown(end.LogPath)}");

            services.Error.WriteLine($"pbt: {end.Description}; starting another (log: {end.LogPath})");
        }
    }

    /// <summary>The state, however long the store is away; null if asked to stop meanwhile.</summary>
    private async Task<StudyState?> LoadAsync(CancellationToken stop)
    {
        try
        {
            return await new Patience(TextWriter.Null, services.Time).ReadAsync(() => StudyLoader.LoadAsync(study, CancellationToken.None), stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task<WorkerGroupEnd> RunWorkerAsync(LocalBackend backend, CancellationToken stop, CancellationToken kill)
    {
        await using var group = await backend.StartAsync(new WorkerRequest(directory, slots), CancellationToken.None);
        await using var stopping = stop.Register(group.Stop);
        await using var killing = kill.Register(group.Kill);
        return await group.Completion;
    }
}

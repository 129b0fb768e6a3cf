using Pbt.Backends;
using Pbt.Backends.Local;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Storage;

namespace Pbt.Cli;

/// <summary>Keeps workers running while a study has work, and shows how it goes.</summary>
internal sealed class Supervision(CliServices services, OpenStudy study, StudyDirectory directory, int? slots)
{
    private const int MaxDeathsInVain = 5;

    /// <summary>Runs until the study ends or it is asked to stop, and returns the last state.</summary>
    public async Task<StudyState> RunAsync(CancellationToken stop, CancellationToken kill)
    {
        using var over = new CancellationTokenSource();
        using var following = CancellationTokenSource.CreateLinkedTokenSource(over.Token);
        var backend = new LocalBackend(services.SelfCommand, services.Time);
        var keeping = KeepWorkersAsync(backend, stop, kill, over);
        var view = StudyView.For(services);
        var followed = new StudyFollower(services.Time).FollowAsync(study, view, following.Token);
        await keeping;
        await over.CancelAsync();
        return await followed;
    }

    /// <summary>Starts a worker, and another when one dies, until one ends as it should.</summary>
    private async Task KeepWorkersAsync(LocalBackend backend, CancellationToken stop, CancellationToken kill, CancellationTokenSource over)
    {
        var deaths = 0;
        var progress = -1L;
        while (!stop.IsCancellationRequested)
        {
            var group = await backend.StartAsync(new WorkerRequest(directory, slots), stop);
            WorkerGroupEnd end;
            await using (group)
            await using (stop.Register(group.Stop))
            await using (kill.Register(group.Kill))
                end = await group.Completion;

            if (end.IsExpected)
                return;

            var now = (await StudyLoader.LoadAsync(study, CancellationToken.None)).CompletedIntervals;
            deaths = now > progress ? 1 : deaths + 1;
            progress = now;
            if (deaths >= MaxDeathsInVain)
            {
                await over.CancelAsync();
                throw new InvalidRequestException($"workers keep dying: {end.Description}; see {end.LogPath}");
            }

            services.Error.WriteLine($"pbt: {end.Description}; starting another (log: {end.LogPath})");
        }
    }
}

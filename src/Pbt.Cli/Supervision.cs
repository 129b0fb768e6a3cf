using Pbt.Backends;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Runtime;

namespace Pbt.Cli;

/// <summary>Keeps workers running while a study has work, and shows how it goes.</summary>
internal sealed class Supervision(CliServices services, OpenStudy study, IBackend backend, int? slots)
{
    /// <summary>Runs until the study ends or it is asked to stop, and returns the last state and why it ended.</summary>
    public async Task<(StudyState State, BackendEnd End)> RunAsync(CancellationToken stop, CancellationToken kill)
    {
        using var following = new CancellationTokenSource();
        var followed = new StudyFollower(services.Time, new Patience(services.Error, services.Time)).FollowAsync(study, StudyView.For(services), following.Token);
        BackendEnd end;
        try
        {
            end = await backend.RunAsync(WorkersOf(services, study, slots), stop, kill);
            if (end != BackendEnd.StudyEnded)
                await following.CancelAsync();
        }
        catch
        {
            await following.CancelAsync();
            await followed;
            throw;
        }

        var last = await followed;
        return (last.HasEnded ? last : await StudyLoader.LoadAsync(study, CancellationToken.None), end);
    }

    /// <summary>What a backend needs of a study.</summary>
    public static WorkerRequest WorkersOf(CliServices services, OpenStudy study, int? slots) => new(
        study.Directory,
        slots,
        stop => new Patience(TextWriter.Null, services.Time).ReadAsync(() => StudyLoader.LoadAsync(study, CancellationToken.None), stop),
        said => services.Error.WriteLine($"pbt: {said}"));
}

using Pbt.Core.Studies;
using Pbt.Storage.Logs;

namespace Pbt.Backends.Local;

/// <summary>Keeps one worker process on this machine.</summary>
/// <remarks>
/// The worker is a process of its own, so that the command that started it may die without taking decisions with it; and
/// it ends itself and its trainers as soon as that command is gone.
/// </remarks>
/// <param name="pbt">The program and first arguments that run pbt, such as <c>dotnet pbt.dll</c>.</param>
/// <param name="time">Measures graces.</param>
public sealed class LocalBackend(IReadOnlyList<string> pbt, TimeProvider time) : IBackend
{
    /// <summary>What a worker ends with that starting it again does not mend: a bad request, a damaged store.</summary>
    private static readonly int[] Hopeless = [2, 4];

    private const int MaxEndsInVain = 5;

    /// <inheritdoc/>
    public async Task<BackendEnd> RunAsync(WorkerRequest request, CancellationToken stop, CancellationToken kill)
    {
        var endsInVain = 0;
        var progress = -1L;
        try
        {
            while (true)
            {
                await using var worker = LocalWorker.Start(pbt, request.Study, request.Slots, time);
                await using var stopping = stop.Register(worker.Stop);
                await using var killing = kill.Register(worker.Kill);
                var status = await worker.Completion;
                var state = await request.LoadAsync(stop);
                if (state.HasEnded)
                    return BackendEnd.StudyEnded;

                stop.ThrowIfCancellationRequested();
                endsInVain = state.CompletedIntervals > progress ? 1 : endsInVain + 1;
                progress = state.CompletedIntervals;
                if (status.Code is { } code && Hopeless.Contains(code) || endsInVain >= MaxEndsInVain)
                    throw new InvalidRequestException($"workers cannot go on: the worker ended with {status}; its log ends with:{Environment.NewLine}{LogTail.Shown(worker.LogPath)}");

                request.Say($"the worker ended with {status}; starting another (log: {worker.LogPath})");
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return BackendEnd.Stopped;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Nothing is ever submitted: workers see by themselves that their study has ended.</remarks>
    public Task<int> CancelAsync(WorkerRequest request, CancellationToken cancellationToken) => Task.FromResult(0);
}

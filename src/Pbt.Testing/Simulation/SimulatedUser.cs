using System.Collections.Immutable;
using Pbt.Core.Population;
using Pbt.Core.Scheduling;
using Pbt.Core.Studies;
using Pbt.Runtime;
using Pbt.Runtime.Studies;

namespace Pbt.Testing.Simulation;

/// <summary>Somebody who pauses, resumes, stops and changes a study, and in the end lets it go on.</summary>
internal sealed class SimulatedUser(OpenStudy study, VirtualProcess process, FaultWeather weather, StudyAuditor auditor, StudySpec spec)
{
    private static readonly ImmutableHashSet<string> Accepted = [];
    private static readonly TimeSpan Glance = TimeSpan.FromSeconds(5);
    private StudySpec _spec = spec;

    /// <summary>Interferes until the faults end.</summary>
    public async Task RunAsync()
    {
        var pause = TimeSpan.FromSeconds(10 + weather.Next(300));
        while (!weather.IsCalm)
        {
            for (var left = weather.About(pause); left > TimeSpan.Zero && !weather.IsCalm; left -= Glance)
                await Task.Delay(Glance, process.Time);

            if (auditor.State.Phase == StudyPhase.Completed)
                return;

            if (weather.Strikes(Faults.User, 1))
                await TryAsync(InterfereAsync);
        }

        while (auditor.State.Phase is StudyPhase.Paused or StudyPhase.Stopped)
            await TryAsync(ResumeAsync);
    }

    private Task InterfereAsync() => weather.Next(6) switch
    {
        0 => DoAsync(static t => StudyScheduler.Pause(t)),
        1 => DoAsync(static t => StudyScheduler.Stop(t)),
        2 => ChangeAsync(_spec with { Budget = _spec.Budget with { Intervals = _spec.Budget.Intervals + 1 } }),
        3 => ChangeAsync(_spec with { Lease = TimeSpan.FromSeconds(4 + weather.Next(40)), Checkpoints = new(1 + weather.Next(3), weather.Next(3)) }),
        _ => ResumeAsync(),
    };

    private Task ResumeAsync() => DoAsync(static t => StudyScheduler.Resume(t, new MemberDecisions(t.State.Spec)));

    private async Task ChangeAsync(StudySpec changed)
    {
        if (await StudyCreation.OpenAsync(study, changed, Accepted, "simulated", CancellationToken.None) is StudyOpening.Changed)
            _spec = changed;
    }

    private async Task DoAsync(Func<StudyTransaction, bool> decide) => await study.Store.TransactAsync(decide);

    private async Task TryAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (TransientStoreException)
        {
            _spec = auditor.State.Spec; // It may have taken effect.
        }
    }
}

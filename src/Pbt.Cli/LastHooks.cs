using Microsoft.Extensions.Logging;
using Pbt.Core.Population;
using Pbt.Runtime;
using Pbt.Runtime.Hooks;

namespace Pbt.Cli;

/// <summary>Runs the hooks of a study that has ended which its workers have left undone: they died, or there were none.</summary>
internal static class LastHooks
{
    /// <summary>Runs what is due; does nothing if the study has not ended or has no hooks.</summary>
    public static async Task RunAsync(CliServices services, OpenStudy study, StudyState state, CancellationToken kill)
    {
        if (!state.HasEnded || state.Spec.Hooks.IsEmpty)
            return;

        using var logging = LoggerFactory.Create(builder => builder.AddProvider(new LineLoggerProvider(services.Error, services.Time)));
        await HookDuty.FinishOnceAsync(study, state.Spec, services.Time, logging.CreateLogger("hooks"), kill);
    }
}

using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Population;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt watch</c>: shows a study while it runs.</summary>
internal static class WatchCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var json = new Option<bool>("--json") { Description = "Print the state as JSON, as `status --json` does, once the study has ended." };
        var command = new Command("watch", "Watch a study until it ends: live on a terminal, as lines elsewhere.") { directory, json };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var asJson = parsed.GetValue(json);
            var view = asJson ? new NoView() : StudyView.For(services);
            var state = await new StudyFollower(services.Time).FollowAsync(study, view, cancellationToken);
            if (asJson && state.Exists)
                JsonOutput.Write(services.Out, writer => StatusJson.Write(writer, study, state, services.Time.GetUtcNow()));
            else if (state.HasEnded)
                WriteEnd(services, study, state);

            return state.HasEnded
                ? state.Phase == StudyPhase.Failed ? ExitCode.StudyFailed : ExitCode.Done
                : ExitCode.Interrupted;
        });
    }

    private static void WriteEnd(CliServices services, OpenStudy study, StudyState state)
    {
        services.Out.WriteLine($"{state.Spec.Name} {Words.Ending(state)}");
        if (state.Best is { } best)
            services.Out.WriteLine($"best: {StudyText.Best(best)}, in {study.Checkpoints.Locate(best.Record.Checkpoint!.Value)}");
    }

    /// <summary>Shows nothing.</summary>
    private sealed class NoView : IStudyView
    {
        public void Show(StudyState state, IReadOnlyList<News> news)
        {
        }

        public void End(StudyState state)
        {
        }
    }
}

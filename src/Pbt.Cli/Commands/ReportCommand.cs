using System.CommandLine;
using System.Runtime.CompilerServices;
using Pbt.Cli.Output;
using Pbt.Dashboard;
using Pbt.Dashboard.Figures;
using Pbt.Dashboard.Reports;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt report</c>: the dashboard's page as one file, and its figures as files of their own.</summary>
internal static class ReportCommand
{
    private const string DefaultFile = "report.html";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directories = StudyCommand.DirectoriesArgument();
        var output = new Option<string?>("--output", "-o") { Description = $"The file to write, {DefaultFile} by default; one that is there is replaced.", HelpName = "FILE" };
        var figures = new Option<string?>("--figures") { Description = "Write each figure as an SVG file into this folder instead, or with -o as well; of several studies, each into a folder of its own in it.", HelpName = "FOLDER" };
        var command = new Command("report", "Write one HTML file that shows studies as the dashboard does, to mail or to keep; or figures for a paper.") { directories, output, figures };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var studies = await OpenStudies.OpenAsync(services, parsed.GetValue(directories)!);
            var folder = parsed.GetValue(figures);
            if (folder is not null)
                await DrawAsync(services, studies.All, folder, cancellationToken);

            if (folder is null || parsed.GetValue(output) is not null)
                await WriteAsync(services, studies.All, parsed.GetValue(output) ?? DefaultFile, cancellationToken);

            return ExitCode.Done;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task WriteAsync(CliServices services, IReadOnlyList<OpenStudy> studies, string path, CancellationToken cancellationToken)
    {
        var bytes = await ReportFile.WriteAsync([.. studies.Select(Watched)], path, services.Time, cancellationToken);
        await services.Out.WriteLineAsync($"wrote {path}: {Words.Count(studies.Count, "study", "studies")}, {Words.Bytes(bytes)}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task DrawAsync(CliServices services, IReadOnlyList<OpenStudy> studies, string folder, CancellationToken cancellationToken)
    {
        for (var i = 0; i < studies.Count; i++)
        {
            var own = studies.Count == 1 ? folder : Path.Combine(folder, FormattableString.Invariant($"{i + 1}-{Path.GetFileName(studies[i].Directory.Root)}"));
            foreach (var path in await FigureFiles.WriteAsync(Watched(studies[i]), own, services.Time, cancellationToken))
                await services.Out.WriteLineAsync($"wrote {path}");
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WatchedStudy Watched(OpenStudy study) => new(study.Directory, study.Store, StatusJson.IsAlive);
}

using System.CommandLine;
using System.Runtime.CompilerServices;
using Pbt.Cli.Output;
using Pbt.Dashboard;
using Pbt.Dashboard.Reports;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt report</c>: the dashboard's page as one file.</summary>
internal static class ReportCommand
{
    private const string DefaultFile = "report.html";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directories = StudyCommand.DirectoriesArgument();
        var output = new Option<string?>("--output", "-o") { Description = $"The file to write, {DefaultFile} by default; one that is there is replaced.", HelpName = "FILE" };
        var command = new Command("report", "Write one HTML file that shows studies as the dashboard does, to mail or to keep.") { directories, output };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var studies = await OpenStudies.OpenAsync(services, parsed.GetValue(directories)!);
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
    private static WatchedStudy Watched(OpenStudy study) => new(study.Directory, study.Store, StatusJson.IsAlive);
}

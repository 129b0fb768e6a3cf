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
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directories = new Argument<string[]>("DIR") { Description = "The studies' directories.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--output", "-o") { Description = "The file to write; one that is there is replaced.", HelpName = "FILE", DefaultValueFactory = static _ => "report.html" };
        var command = new Command("report", "Write one HTML file that shows studies as the dashboard does, to mail or to keep.") { directories, output };
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var studies = await OpenStudies.OpenAsync(services, parsed.GetValue(directories)!);
            var path = parsed.GetValue(output)!;
            var bytes = await WriteAsync(services, studies.All, path, cancellationToken);
            await services.Out.WriteLineAsync($"wrote {path}: {Words.Count(studies.All.Count, "study", "studies")}, {Words.Bytes(bytes)}");
            return ExitCode.Done;
        });
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static Task<long> WriteAsync(CliServices services, IReadOnlyList<OpenStudy> studies, string path, CancellationToken cancellationToken) => ReportFile.WriteAsync(
        [.. studies.Select(static study => new WatchedStudy(study.Directory, study.Store, StatusJson.IsAlive))], path, services.Time, cancellationToken);
}

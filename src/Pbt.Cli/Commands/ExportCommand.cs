using System.CommandLine;
using System.Runtime.CompilerServices;
using System.Text;
using Pbt.Cli.Exports;
using Pbt.Cli.Exports.TensorBoard;
using Pbt.Cli.Output;
using Pbt.Dashboard;
using Pbt.Dashboard.Figures;
using Pbt.Runtime;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt export</c>: all that a study's log says, as files that other programs read.</summary>
internal static class ExportCommand
{
    private const string Csv = "csv";
    private const string JsonLines = "jsonl";
    private const string TensorBoard = "tensorboard";
    private const string Ray = "ray";
    private const string Figures = "figures";

    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var directory = StudyCommand.DirectoryArgument();
        var format = new Option<string>("--format")
        {
            Description = "csv and jsonl are tables of everything; tensorboard is event files; ray is Ray Tune's pbt_global.txt and pbt_policy_*.txt.",
            HelpName = "FORMAT",
        };
        format.AcceptOnlyFromAmong(Csv, JsonLines, TensorBoard, Ray);
        var figures = new Option<bool>("--figures") { Description = "Each figure as an SVG file, for papers and talks: scores, lineage, and every hyperparameter." };
        var output = new Option<string?>("--output", "-o") { Description = "The new folder to write into; by default the study's name with the format's.", HelpName = "FOLDER" };
        var command = new Command("export", "Write all that a study did as files that other programs read.") { directory, format, figures, output };
        command.Validators.Add(result =>
        {
            // Values are not asked for: a line that is being completed has none yet.
            if (result.GetResult(figures) is null == result.GetResult(format) is null)
                result.AddError("give --format with one of csv, jsonl, tensorboard and ray, or --figures");
        });
        return command.Does(async (parsed, cancellationToken) =>
        {
            await using var study = await services.Open(parsed.GetValue(directory)!);
            var chosen = parsed.GetValue(format);
            var path = parsed.GetValue(output) ?? $"{Path.GetFileName(study.Directory.Root)}-{chosen ?? Figures}";
            var said = new List<string>();
            await ExportFolder.WriteAsync(path, async folder => said.AddRange(chosen is null
                ? await DrawAsync(services, study, folder, cancellationToken)
                : Write(services, study, await ExportedStudy.ReadAsync(study.Directory, study.Store, cancellationToken), chosen, folder, cancellationToken)));
            foreach (var line in said)
                await services.Out.WriteLineAsync($"wrote {Path.Join(path, line)}");

            return ExitCode.Done;
        });
    }

    private static IEnumerable<string> Write(CliServices services, OpenStudy study, ExportedStudy exported, string format, string folder, CancellationToken cancellationToken) => format switch
    {
        TensorBoard => [WriteTensorBoard(exported, folder)],
        Ray => WriteRay(exported, folder),
        _ => WriteTables(services, study, exported, format, folder, cancellationToken),
    };

    private static IEnumerable<string> WriteTables(CliServices services, OpenStudy study, ExportedStudy exported, string format, string folder, CancellationToken cancellationToken)
    {
        var progress = ProgressTable.Of(study.Directory, exported.State.Members.Count, said => services.Error.WriteLine($"pbt: {Words.Harmless(said)}"));
        foreach (var table in ExportTables.Of(exported).Append(progress))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var name = $"{table.Name}.{format}";
            using var file = new FileStream(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write);
            var rows = string.Equals(format, Csv, StringComparison.Ordinal) ? TableFiles.WriteCsv(file, table) : TableFiles.WriteJsonLines(file, table);
            yield return $"{name}: {Words.Count(rows, "row")}";
        }
    }

    private static IEnumerable<string> WriteRay(ExportedStudy exported, string folder)
    {
        var rows = RayFiles.Global(exported).ToList();
        using (var global = Text(Path.Combine(folder, "pbt_global.txt")))
            rows.ForEach(global.WriteLine);

        yield return $"pbt_global.txt: {Words.Count(rows.Count, "row")}";
        var policies = 0;
        foreach (var member in exported.State.Members)
        {
            using var policy = new StringWriter { NewLine = "\n" };
            if (!RayFiles.WritePolicy(policy, exported.State, member))
                continue;

            using var file = Text(Path.Combine(folder, $"pbt_policy_{member.Id}.txt"));
            file.Write(policy);
            policies++;
        }

        yield return $"pbt_policy_*.txt: {Words.Count(policies, "file")}";
    }

    // The library that knows the wire format is loaded only when it is needed.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static string WriteTensorBoard(ExportedStudy exported, string folder) =>
        $"m*/s*: {Words.Count(EventFiles.Write(folder, exported.State), "run")}";

    // As is the dashboard.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<IEnumerable<string>> DrawAsync(CliServices services, OpenStudy study, string folder, CancellationToken cancellationToken) =>
        (await FigureFiles.WriteAsync(new WatchedStudy(study.Directory, study.Store, StatusJson.IsAlive), folder, services.Time, cancellationToken)).Select(static file => Path.GetFileName(file));

    private static StreamWriter Text(string path) =>
        new(new FileStream(path, FileMode.CreateNew, FileAccess.Write), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
}

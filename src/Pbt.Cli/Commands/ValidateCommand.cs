using System.CommandLine;
using Pbt.Cli.Output;
using Pbt.Core.Studies;
using Pbt.Runtime.Studies;

namespace Pbt.Cli.Commands;

/// <summary><c>pbt validate</c>: checks a spec and says all that is wrong with it.</summary>
internal static class ValidateCommand
{
    /// <summary>Makes the command.</summary>
    public static Command Create(CliServices services)
    {
        var file = new Argument<string>("SPEC") { Description = "The spec: YAML or JSON." };
        var json = StudyCommand.JsonOption();
        var command = new Command("validate", "Check a spec and say all that is wrong with it.") { file, json };
        return command.Does((parsed, _) =>
        {
            var path = parsed.GetValue(file)!;
            if (!File.Exists(path))
                throw new InvalidRequestException($"there is no file {path}");

            var text = SpecFile.ReadText(path);
            var result = SpecReader.Read(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
            IReadOnlyList<string> here = result is SpecResult.Valid checkable ? Preflight.Check(checkable.Spec) : [];
            IReadOnlyList<string> hooks = result is SpecResult.Valid hooked ? Preflight.CheckHooks(hooked.Spec) : [];
            if (parsed.GetValue(json))
                JsonOutput.Write(services.Out, writer => SpecText.WriteJson(writer, path, result, [.. here, .. hooks]));
            else if (result is SpecResult.Valid valid)
                WriteSummary(services, path, valid.Spec, here, hooks);
            else if (result is SpecResult.Invalid invalid)
                WriteErrors(services.Error, path, invalid);

            return Task.FromResult(result is SpecResult.Valid ? ExitCode.Done : ExitCode.BadRequest);
        });
    }

    private static void WriteSummary(CliServices services, string path, StudySpec spec, IReadOnlyList<string> here, IReadOnlyList<string> hooks)
    {
        SpecText.Write(services.Out, path, spec, services.Width);
        foreach (var problem in here)
            services.Error.WriteLine($"pbt: it cannot run on this machine as it is: {problem}");

        foreach (var problem in hooks)
            services.Error.WriteLine($"pbt: a hook would fail on this machine: {problem}");
    }

    private static void WriteErrors(TextWriter output, string path, SpecResult.Invalid invalid)
    {
        foreach (var error in invalid.Errors)
            output.WriteLine(error.ToString());

        output.WriteLine($"pbt: {path} is no valid spec: {Words.Count(invalid.Errors.Length, "error")}");
    }
}

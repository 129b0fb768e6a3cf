using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Pbt.Harness;

/// <summary>A study in a temporary folder: its trainer, its spec, its directory, and pbt run on them.</summary>
/// <remarks>Disposing of it ends every process that still bears its mark, and removes the folder.</remarks>
public sealed class Study : IDisposable
{
    private const string Mark = "PBT_TEST_STUDY";

    private readonly Dictionary<string, string?> _environment;
    private readonly string? _program;

    /// <param name="root">A new folder for it all; null is a temporary one.</param>
    /// <param name="program">Another pbt.dll than the one of this build.</param>
    public Study(string? root = null, string? program = null)
    {
        Root = root is null ? Directory.CreateTempSubdirectory("pbt-e2e-").FullName : Directory.CreateDirectory(root).FullName;
        _program = program;
        _environment = new(StringComparer.Ordinal) { [Mark] = Root, ["CUDA_VISIBLE_DEVICES"] = string.Empty, ["DOTNET_TieredPGO"] = "0" };
    }

    /// <summary>The folder of it all.</summary>
    public string Root { get; }

    /// <summary>The study's directory; may be moved before the first command.</summary>
    public string Dir { get => field ?? At("study"); set; }

    /// <summary>Whether the folder stays when this is disposed of.</summary>
    public bool IsKept { get; set; }

    /// <summary>The spec's path.</summary>
    public string SpecPath => At("study.yaml");

    /// <summary>The journal's path.</summary>
    public string JournalPath => Path.Combine(Dir, "journal.jsonl");

    /// <summary>A path in the folder.</summary>
    public string At(string name) => Path.Combine(Root, name);

    /// <summary>Sets a variable that every pbt of this study sees.</summary>
    public Study With(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    /// <summary>Writes the spec.</summary>
    public Study Spec(string yaml)
    {
        File.WriteAllText(SpecPath, yaml);
        return this;
    }

    /// <summary>Changes the spec.</summary>
    public void Replace(string old, string with)
    {
        var text = File.ReadAllText(SpecPath);
        Expectation.That(text.Contains(old, StringComparison.Ordinal), $"the spec has no '{old}'");
        File.WriteAllText(SpecPath, text.Replace(old, with, StringComparison.Ordinal));
    }

    /// <summary>Writes an executable script for <c>/bin/sh</c>.</summary>
    public Study Script(string name, string body)
    {
        var path = At(name);
        File.WriteAllText(path, "#!/bin/sh\n" + body);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return this;
    }

    /// <summary>Starts any pbt command.</summary>
    public PbtProcess Start(params string[] arguments) => PbtProcess.Start(arguments, Root, _environment, _program);

    /// <summary>Starts any pbt command under a umask of its own.</summary>
    public PbtProcess StartUnder(string umask, params string[] arguments) => PbtProcess.Start(arguments, Root, _environment, shell: $"umask {umask}; exec \"$@\"");

    /// <summary>Starts pbt by a shell script, which has its program and first arguments as its own.</summary>
    public PbtProcess StartShell(string script) => PbtProcess.Start([], Root, _environment, shell: script);

    /// <summary>Runs any pbt command to its end.</summary>
    public async Task<Output> PbtAsync(params string[] arguments)
    {
        await using var process = Start(arguments);
        return await process.EndAsync(Describe);
    }

    /// <summary>Starts <c>pbt run</c> on the study.</summary>
    public PbtProcess StartRun(int? slots = null, params string[] more) => Start([.. RunArguments(slots), .. more]);

    /// <summary>Runs <c>pbt run</c> on the study to its end.</summary>
    public Task<Output> RunAsync(int? slots = null, params string[] more) => PbtAsync([.. RunArguments(slots), .. more]);

    /// <summary>Starts <c>pbt worker</c> on the study.</summary>
    public PbtProcess StartWorker(int slots) => Start("worker", Dir, "--slots", slots.ToString(CultureInfo.InvariantCulture));

    /// <summary>What <c>pbt status --json</c> says.</summary>
    public async Task<JsonElement> StatusAsync() => Parse((await PbtAsync("status", Dir, "--json")).Expect(0).Out);

    /// <summary>Parses a JSON document.</summary>
    public static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }

    /// <summary>The whole lines of the journal so far.</summary>
    public List<JournalEntry> Journal()
    {
        if (!File.Exists(JournalPath))
            return [];

        using var file = new FileStream(JournalPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(file);
        var text = reader.ReadToEnd();
        return [.. text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => new JournalEntry(Parse(line)))];
    }

    /// <summary>How often an event is in the journal.</summary>
    public int Count(string type) => Journal().Count(entry => entry.Type == type);

    /// <summary>Waits until an event is in the journal so many times.</summary>
    public Task JournalHasAsync(string type, int times = 1, double seconds = 60) =>
        Eventually.HoldsAsync($"{times} × {type}", () => Count(type) >= times, Describe, seconds);

    /// <summary>The live processes of this study, pbt's own included.</summary>
    public List<FoundProcess> Processes() => FoundProcess.With(Mark, Root);

    /// <summary>Waits until there are so many trainers.</summary>
    public Task<List<FoundProcess>> TrainersAsync(int atLeast = 1) => Eventually.HasAsync(
        $"{atLeast} trainers run",
        () => Processes().Where(static p => p.IsTrainer).ToList() is var found && found.Count >= atLeast ? found : null,
        Describe);

    /// <summary>How things stand, for the message of a test that fails.</summary>
    public string Describe()
    {
        var text = new StringBuilder("--- processes\n");
        foreach (var process in Processes())
            text.Append(process).Append('\n');

        text.Append("--- end of the journal\n");
        foreach (var entry in Journal().TakeLast(25))
            text.Append(entry.Line.GetRawText()).Append('\n');

        foreach (var log in Directory.Exists(Path.Combine(Dir, "logs")) ? Directory.GetFiles(Path.Combine(Dir, "logs"), "*.log") : [])
            text.Append("--- end of ").Append(log).Append('\n').AppendJoin('\n', File.ReadLines(log).TakeLast(20)).Append('\n');

        return text.ToString();
    }

    public void Dispose()
    {
        foreach (var left in Processes())
            Signals.Send(left.Pid, Signal.Kill);

        if (IsKept)
            return;

        try
        {
            Directory.Delete(Root, recursive: true);
        }
        catch (IOException)
        {
            // Something that was just killed may still have written; the folder is a temporary one.
        }
    }

    private string[] RunArguments(int? slots) =>
        slots is { } count ? ["run", SpecPath, "--dir", Dir, "--slots", count.ToString(CultureInfo.InvariantCulture)] : ["run", SpecPath, "--dir", Dir];
}

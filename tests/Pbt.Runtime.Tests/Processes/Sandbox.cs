using System.Collections;
using System.Globalization;
using System.Runtime.Versioning;
using Pbt.Runtime.Processes;

namespace Pbt.Runtime.Tests.Processes;

/// <summary>A directory with launches into it; what they leave behind is removed at the end.</summary>
internal sealed class Sandbox : IAsyncDisposable
{
    public static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly EnvironmentEntry _mark;

    public Sandbox()
    {
        Root = Directory.CreateTempSubdirectory("processes-").FullName;
        _mark = new EnvironmentEntry("PROCESS_TEST", Root);
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(entry => (string)entry.Key, entry => (string?)entry.Value ?? "", StringComparer.Ordinal);
        Environment[_mark.Name] = _mark.Value;
    }

    public string Root { get; }

    public Dictionary<string, string> Environment { get; }

    public string Output => File.ReadAllText(At("log"));

    public string At(string name) => Path.Combine(Root, name);

    public ProcessLaunch Launch(string program, params string[] arguments) => new()
    {
        FileName = program,
        Arguments = arguments,
        WorkingDirectory = Root,
        Environment = Environment,
        StandardOutputPath = At("log"),
        StandardErrorPath = At("log"),
    };

    public ChildProcess Start(string program, params string[] arguments) => Start(Launch(program, arguments));

    public static ChildProcess Start(ProcessLaunch launch) => ChildProcess.Start(launch) switch
    {
        ProcessStart.Started(var child) => child,
        ProcessStart.NotStarted(var reason) => throw new InvalidOperationException(reason),
        _ => throw new InvalidOperationException(),
    };

    public static string Refusal(ProcessLaunch launch) =>
        Assert.IsType<ProcessStart.NotStarted>(ChildProcess.Start(launch)).Reason;

    [UnsupportedOSPlatform("windows")]
    public void Script(string name, string content, bool executable = true)
    {
        File.WriteAllText(At(name), content);
        if (executable)
            File.SetUnixFileMode(At(name), File.GetUnixFileMode(At(name)) | UnixFileMode.UserExecute);
    }

    /// <summary>Waits until as many processes have written their pid, one a line.</summary>
    public async Task<int[]> PidsAsync(string name, int count)
    {
        await Eventually.BecomesTrueAsync(
            () => File.Exists(At(name)) && ReadPids(name).Length >= count,
            () => File.Exists(At(name)) ? $"{name} holds {string.Join(' ', ReadPids(name))} of {count}" : $"no file {name}",
            Soon);
        return ReadPids(name);
    }

    public static Task AreGoneAsync(IReadOnlyList<int> pids, TimeSpan limit) => Eventually.BecomesTrueAsync(
        () => !pids.Any(IsRunning),
        () => "still running: " + string.Join(", ", pids.Where(IsRunning).Select(Describe)),
        limit);

    public static bool IsRunning(int pid) => ProcessIdentity.Of(pid) is not null;

    public async ValueTask DisposeAsync()
    {
        await ProcessSweep.KillAsync(_mark);
        Directory.Delete(Root, recursive: true);
    }

    private static string Describe(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/stat");
        }
        catch (IOException)
        {
            return $"{pid} (just gone)";
        }
    }

    private int[] ReadPids(string name) =>
    [
        .. File.ReadAllText(At(name)).Split('\n')[..^1].Select(line => int.Parse(line, CultureInfo.InvariantCulture)),
    ];
}

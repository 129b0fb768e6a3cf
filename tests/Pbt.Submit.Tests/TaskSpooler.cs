namespace Pbt.Submit.Tests;

/// <summary>A private task spooler: a real scheduler for one machine, with ids, states and removal.</summary>
internal sealed class TaskSpooler : IDisposable
{
    /// <summary>How its jobs are submitted, asked for and cancelled, as in docs/submit.md.</summary>
    public const string Backend =
        """
        kind: submit
        submit: [tsp, -L, "{name}", "{worker_arguments}"]
        job_id: { regex: '^([0-9]+)$' }
        status: [tsp, -s, "{job}"]
        state: { regex: '^(\w+)$' }
        states: { waiting: [queued], running: [running], completed: [finished] }
        gone: cannot be stated
        cancel: [sh, -c, 'tsp -r "$1" || tsp -k "$1"', cancel, "{job}"]
        """;

    private readonly Dictionary<string, string> _environment;

    /// <summary>A study whose workers are its jobs.</summary>
    /// <param name="slots">Jobs that run at a time.</param>
    /// <param name="more">More lines of the backend.</param>
    /// <param name="population">Members.</param>
    /// <param name="seconds">How long an interval takes.</param>
    public TaskSpooler(int slots, string more = "", int population = 4, double seconds = 0.05)
    {
        Study = Queued.Create(more.Length == 0 ? Backend : $"{Backend}\n{more}", population, seconds: seconds);
        _environment = new(StringComparer.Ordinal) { ["TS_SOCKET"] = Study.At("tsp"), ["TS_SLOTS"] = $"{slots}", ["TMPDIR"] = Study.Root };
        foreach (var (name, value) in _environment)
            Study.With(name, value);
    }

    /// <summary>Why it cannot be had here; null if it can.</summary>
    public static string? Missing { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(':').Any(static directory => File.Exists(Path.Combine(directory, "tsp")))
            ? null
            : "task spooler is not installed (Debian: task-spooler)";

    public Study Study { get; }

    /// <summary>Runs it.</summary>
    public Task<string> AskAsync(params string[] arguments) => Queued.AskAsync(Study, _environment, "tsp", arguments);

    /// <summary>How many jobs are in a state.</summary>
    public async Task<int> CountAsync(string state) => (await AskAsync()).Split('\n').Count(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var its, ..] && its == state);

    public void Dispose() => Study.Dispose();
}

/// <summary>A test that needs the task spooler.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TaskSpoolerFactAttribute : FactAttribute
{
    public TaskSpoolerFactAttribute() => Skip = TaskSpooler.Missing;
}

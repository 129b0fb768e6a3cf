namespace Pbt.Submit.Tests;

/// <summary>A private Grid Engine of one host: a real batch scheduler, reached by qsub, qstat and qdel.</summary>
internal sealed class GridEngine : IAsyncDisposable
{
    private static readonly string Program = Path.Combine(AppContext.BaseDirectory, "Programs", "grid-engine");

    private readonly Dictionary<string, string> _environment;

    private GridEngine(int population, double seconds)
    {
        Study = Queued.Create(Backend, population, seconds: seconds);
        _environment = new(StringComparer.Ordinal) { ["GRID_ENGINE"] = Study.At("sge") };
        foreach (var (name, value) in _environment)
            Study.With(name, value);
    }

    /// <summary>Why it cannot be had here; null if it can.</summary>
    public static string? Missing { get; } = !Environment.IsPrivilegedProcess
        ? "a private Grid Engine needs root, for a network of its own"
        : File.Exists("/usr/sbin/sge_qmaster") && File.Exists("/usr/sbin/sge_execd") && File.Exists("/usr/bin/qsub")
            ? null
            : "Grid Engine is not installed (Debian: gridengine-master, gridengine-exec, gridengine-client)";

    public Study Study { get; }

    /// <summary>The backend of docs/submit.md, with a word before each program that leads to the private one.</summary>
    private static string Backend =>
        $$"""
        kind: submit
        submit: ["{{Program}}", qsub, -terse, -N, "{name}", -b, y, -shell, n, -V, -cwd, -j, y, -o, "{log}", "{worker_arguments}"]
        job_id: { regex: '^([0-9]+)$' }
        status: ["{{Program}}", qstat]
        state: { regex: '^ *{job} +\S+ +\S+ +\S+ +(\S+)' }
        states: { waiting: [qw, hqw, hRwq, Rq, t, Rt], running: [r, Rr, hr, dr, dt, s, S, T], failed: [Eqw, Ehqw] }
        cancel: ["{{Program}}", qdel, "{job}"]
        """;

    /// <summary>Starts one with a study for it.</summary>
    /// <param name="slots">Jobs that run at a time.</param>
    /// <param name="population">Members.</param>
    /// <param name="seconds">How long an interval takes.</param>
    public static async Task<GridEngine> StartAsync(int slots, int population = 4, double seconds = 0.05)
    {
        var engine = new GridEngine(population, seconds);
        await engine.AskAsync("start", engine.Study.At("sge"), $"{slots}");
        return engine;
    }

    /// <summary>Runs one of its programs.</summary>
    public Task<string> AskAsync(params string[] arguments) => Queued.AskAsync(Study, _environment, Program, arguments);

    public async ValueTask DisposeAsync()
    {
        await AskAsync("stop", Study.At("sge"));
        Study.Dispose();
    }
}

/// <summary>A test that needs Grid Engine.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class GridEngineFactAttribute : FactAttribute
{
    public GridEngineFactAttribute() => Skip = GridEngine.Missing;
}

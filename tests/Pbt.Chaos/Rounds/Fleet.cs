using System.Globalization;
using Pbt.Chaos.Checks;
using Pbt.Harness;

namespace Pbt.Chaos.Rounds;

/// <summary>The processes that a user keeps running on a study: <c>pbt run</c> and workers, started again when they end.</summary>
internal sealed class Fleet(Study study, Timeline timeline, Random random, Func<bool> hasEnded) : IAsyncDisposable
{
    private static readonly string[] Excuses =
        ["ead-only file system", "may not be written", "o space left", "could not be opened", "workers cannot go on", "could not be written"];

    private sealed class Post(string name, string[] arguments, bool isLasting)
    {
        public string Name { get; } = name;

        public string[] Arguments { get; } = arguments;

        public bool IsLasting { get; } = isLasting;

        public PbtProcess? Process { get; set; }

        public TimeSpan NextStart { get; set; }

        public int Starts { get; set; }
    }

    private readonly List<Post> _posts = [];
    private int _extras;

    public List<Violation> Violations { get; } = [];

    /// <summary>How many processes were started.</summary>
    public int Starts => _posts.Sum(static post => post.Starts);

    /// <summary>The process of <c>pbt run</c>, or null while there is none.</summary>
    public PbtProcess? Run => _posts.Find(static post => post.Name == "run")?.Process is { HasExited: false } run ? run : null;

    /// <summary>The processes of the workers that were started by hand.</summary>
    public IReadOnlyList<PbtProcess> Workers => [.. _posts.Where(static p => p.Name != "run").Select(static p => p.Process).OfType<PbtProcess>().Where(static p => !p.HasExited)];

    /// <summary>Starts it all.</summary>
    public async Task StartAsync()
    {
        _posts.Add(new Post("run", ["run", study.SpecPath, "--dir", study.Dir, "--slots", "2"], isLasting: true));
        await TendAsync();
        await Eventually.HoldsAsync("the study is created", () => File.Exists(study.JournalPath) && study.Count("member_created") == RoundPlan.Population, study.Describe);
        _posts.Add(new Post("worker", WorkerArguments(2), isLasting: true));
        await TendAsync();
    }

    /// <summary>Starts one more worker, which nobody starts again; false if there are enough.</summary>
    public bool StartExtra()
    {
        if (_posts.Count(static post => post is { IsLasting: false, Process.HasExited: false }) >= 2)
            return false;

        var post = new Post(string.Create(CultureInfo.InvariantCulture, $"extra-{++_extras}"), WorkerArguments(1 + random.Next(2)), isLasting: false);
        _posts.Add(post);
        Start(post);
        return true;
    }

    /// <summary>Starts again what has ended, after a moment.</summary>
    public async Task TendAsync()
    {
        foreach (var post in _posts)
        {
            if (post.Process is { HasExited: true })
                await TakeInAsync(post);

            if (post.Process is null && (post.IsLasting || post.Starts == 0) && timeline.Elapsed >= post.NextStart && !hasEnded())
                Start(post);
        }
    }

    /// <summary>Waits until all have ended by themselves; false if they do not.</summary>
    public async Task<bool> EndAsync(TimeSpan patience)
    {
        var deadline = timeline.Elapsed + patience;
        while (_posts.Exists(static post => post.Process is { HasExited: false }) && timeline.Elapsed < deadline)
            await Task.Delay(20);

        foreach (var post in _posts.Where(static post => post.Process is { HasExited: true }))
            await TakeInAsync(post);

        return _posts.TrueForAll(static post => post.Process is null);
    }

    /// <summary>All that its processes have printed that still run.</summary>
    public string Printed() => string.Join('\n', _posts.Where(static post => post.Process is not null).Select(static post => $"--- {post.Name}\n{post.Process!.Printed}"));

    public async ValueTask DisposeAsync()
    {
        foreach (var post in _posts)
        {
            if (post.Process is not null)
                await post.Process.DisposeAsync();
        }
    }

    private string[] WorkerArguments(int slots) => ["worker", study.Dir, "--slots", slots.ToString(CultureInfo.InvariantCulture)];

    private void Start(Post post)
    {
        post.Process = study.Start(post.Arguments);
        post.Starts++;
        timeline.Add($"{post.Name} starts as {post.Process.Pid}");
    }

    private async Task TakeInAsync(Post post)
    {
        var output = await post.Process!.EndAsync();
        await File.AppendAllTextAsync(study.At($"{post.Name}.out"), $"=== {post.Process.Pid} ended after {timeline.Elapsed} with {output}\n");
        timeline.Add($"{post.Name} ({post.Process.Pid}) ended with exit code {output.ExitCode}{LastLine(output)}");
        if (Objection(output) is { } objection)
            Violations.Add(new Violation(Invariant.Behaviour, $"{post.Name} ({post.Process.Pid}) {objection}: {output}"));

        await post.Process.DisposeAsync();
        post.Process = null;
        post.NextStart = timeline.Elapsed + TimeSpan.FromMilliseconds(100 + random.Next(700));
    }

    private static string LastLine(Output output) =>
        output.All.Split('\n', StringSplitOptions.RemoveEmptyEntries) is [.., var last] ? $": {last}" : string.Empty;

    /// <summary>What is wrong with how a process ended; null if nothing is.</summary>
    public static string? Objection(Output output)
    {
        if (output.All.Contains("   at ", StringComparison.Ordinal) || output.All.Contains("Unhandled exception", StringComparison.Ordinal))
            return "ended with a stack trace";

        return output.ExitCode switch
        {
            // 137 and 143 are the adversary's signals; 3 is an interruption, after which it is run again.
            0 or 3 or 137 or 143 => null,
            2 when Excuses.Any(excuse => output.All.Contains(excuse, StringComparison.Ordinal)) => null,
            _ => "ended with an exit code that nothing explains",
        };
    }
}

using System.Collections.Concurrent;
using System.Globalization;
using Pbt.Backends.Jobs;

namespace Pbt.Backends.Tests.Submit;

/// <summary>A scheduler in memory, reached by the command lines <c>submit NAME</c>, <c>status ID</c> and <c>cancel ID</c>.</summary>
internal sealed class FakePrograms : IProgramRunner
{
    private readonly ConcurrentDictionary<string, string> _states = new(StringComparer.Ordinal);
    private int _ids;
    private int _running;

    /// <summary>Every command line, as it came.</summary>
    public ConcurrentQueue<string> Ran { get; } = [];

    /// <summary>Answers a command line in place of the scheduler; null leaves it to that.</summary>
    public Func<string, ProgramRun?> Answer { get; set; } = static _ => null;

    /// <summary>How many ran at a time at most.</summary>
    public int MostAtOnce { get; private set; }

    /// <summary>The jobs by their ids.</summary>
    public IDictionary<string, string> States => _states;

    public static ProgramRun Failed(string error) => new(string.Empty, error, "ended with exit code 1", ProgramOutcome.Ended);

    public static ProgramRun Printed(string text) => new(text, string.Empty, Failure: null, ProgramOutcome.Ended);

    public async Task<ProgramRun> RunAsync(IReadOnlyList<string> command, CancellationToken cancellationToken)
    {
        lock (_states)
            MostAtOnce = Math.Max(MostAtOnce, ++_running);

        var line = string.Join(' ', command);
        Ran.Enqueue(line);
        var run = Answer(line) ?? Own(command);
        await Task.Yield();
        lock (_states)
            _running--;

        return run;
    }

    private ProgramRun Own(IReadOnlyList<string> command)
    {
        if (command[0] is "submit")
        {
            var id = Interlocked.Increment(ref _ids).ToString(CultureInfo.InvariantCulture);
            _states[id] = "queued";
            return Printed($"submitted {id}\n");
        }

        if (!_states.TryGetValue(command[1], out var state))
            return Failed("no such job");

        if (command[0] is "status")
            return Printed($"{command[1]}: {state}\n");

        _states[command[1]] = "cancelled";
        return Printed(string.Empty);
    }
}

using System.Diagnostics;
using System.Globalization;

namespace Pbt.Chaos.Rounds;

/// <summary>What happened in a round, with its time in seconds; thread-safe.</summary>
internal sealed class Timeline(Action<string>? echo = null)
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<string> _lines = [];

    public TimeSpan Elapsed => _clock.Elapsed;

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Add(string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{_clock.Elapsed.TotalSeconds,8:F3}  {what}");
        lock (_lines)
            _lines.Add(line);

        echo?.Invoke(line);
    }
}

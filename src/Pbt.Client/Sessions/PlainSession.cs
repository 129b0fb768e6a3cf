using System.Globalization;
using Pbt.Client.Protocol;

namespace Pbt.Client.Sessions;

/// <summary>A plain training run, with the program's own defaults.</summary>
internal sealed class PlainSession(SessionOptions options) : TrainerSession(options)
{
    private static readonly TimeSpan BetweenLines = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly TimeProvider _time = TimeProvider.System;
    private long? _lastLine;
    private string? _last;
    private bool _isOver;
    private int _given;

    public override SessionKind Kind => SessionKind.Plain;

    internal override void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        lock (_gate)
        {
            if (_lastLine is { } last && _time.GetElapsedTime(last) < BetweenLines)
                return;

            _lastLine = _time.GetTimestamp();
            Console.Error.WriteLine($"interval {interval.Interval}, step {step}{Words(metrics)}");
        }
    }

    internal override byte[] Encode(TrainingInterval interval, IntervalResult result) => TrainerMessages.Result(result);

    internal override ValueTask CompleteAsync(TrainingInterval interval, IntervalResult result, byte[] encoded)
    {
        _last = interval.CheckpointOut;
        var score = result.Score is { } number ? string.Create(CultureInfo.InvariantCulture, $"score {number:G6}; ") : string.Empty;
        Console.Error.WriteLine($"interval {interval.Interval}: {score}checkpoint in {interval.CheckpointOut}");
        return ValueTask.CompletedTask;
    }

    internal override ValueTask FailAsync(TrainingInterval interval, string reason)
    {
        _isOver = true;
        Options.Warn($"interval {interval.Interval} failed: {reason}");
        Environment.ExitCode = 1;
        return ValueTask.CompletedTask;
    }

    internal override ValueTask ReleaseAsync(TrainingInterval interval, string reason)
    {
        _isOver = true;
        Environment.ExitCode = Termination.ExitCode;
        return ValueTask.CompletedTask;
    }

    private protected override ValueTask<IReadOnlyList<TrainingInterval>> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isOver || _given == Options.Intervals || Stopping.IsCancellationRequested)
            return ValueTask.FromResult<IReadOnlyList<TrainingInterval>>([]);

        var interval = new TrainingInterval(this)
        {
            Attempt = 0,
            Member = 0,
            Interval = ++_given,
            Hyperparameters = new Hyperparameters(Options.Defaults),
            Reload = _given == 1,
            CheckpointIn = _last,
            CheckpointOut = NewDirectory(),
            Donor = _last is null ? null : new IntervalOrigin(0, _given - 1),
            Steps = Options.Steps,
            Seconds = Options.Seconds,
            Seed = (int)(((long)Options.Seed + _given - 1) % int.MaxValue),
        };
        return ValueTask.FromResult<IReadOnlyList<TrainingInterval>>([interval]);
    }

    /// <summary>The first directory that is not there: an earlier run's are left alone.</summary>
    private string NewDirectory()
    {
        for (var number = 1; ; number++)
        {
            var path = Path.GetFullPath(Path.Combine(Options.CheckpointDirectory, number.ToString("D6", CultureInfo.InvariantCulture)));
            if (!Path.Exists(path))
                return Directory.CreateDirectory(path).FullName;
        }
    }

    private static string Words(ReadOnlySpan<(string Name, double Value)> metrics)
    {
        var words = string.Empty;
        foreach (var (name, value) in metrics)
            words += string.Create(CultureInfo.InvariantCulture, $", {name} {value:G6}");

        return words;
    }
}

using System.Globalization;
using System.Text.Json;
using Pbt.Client.Protocol;

namespace Pbt.Client.Sessions;

/// <summary>One interval, by the variables and files of the command protocol.</summary>
/// <remarks>The program's exit code says how it ended: 0, 1 for a failed interval, 143 for one that is given back.</remarks>
internal sealed class CommandSession(SessionOptions options, Func<string, string?> environment) : TrainerSession(options)
{
    private readonly Lock _gate = new();
    private bool _isTaken;
    private FileStream? _metrics;
    private ByteBuffer? _line;
    private Utf8JsonWriter? _json;

    public override SessionKind Kind => SessionKind.Command;

    internal override void Report(TrainingInterval interval, long step, ReadOnlySpan<(string Name, double Value)> metrics)
    {
        lock (_gate)
        {
            if (interval.HasEnded || (_metrics ??= OpenMetrics()) is not { } file)
                return;

            _line ??= new ByteBuffer(capacity: 512);
            _line.Cut(0);
            _json ??= new Utf8JsonWriter(_line);
            _json.Reset(_line);
            TrainerMessages.WriteProgress(_json, attempt: null, step, metrics);
            _line.Append("\n"u8);
            file.Write(_line.Written.Span);
        }
    }

    internal override byte[] Encode(TrainingInterval interval, IntervalResult result) => TrainerMessages.Result(result);

    internal override async ValueTask CompleteAsync(TrainingInterval interval, IntervalResult result, byte[] encoded)
    {
        CloseMetrics();
        var file = environment("PBT_RESULT") is { Length: > 0 } path ? File.Create(path) : Console.OpenStandardOutput();
        await using (file.ConfigureAwait(false))
            await file.WriteAsync(encoded).ConfigureAwait(false);
    }

    internal override ValueTask FailAsync(TrainingInterval interval, string reason)
    {
        CloseMetrics();
        Options.Warn($"{interval} failed: {reason}");
        Environment.ExitCode = 1;
        return ValueTask.CompletedTask;
    }

    internal override ValueTask ReleaseAsync(TrainingInterval interval, string reason)
    {
        CloseMetrics();
        Environment.ExitCode = Termination.ExitCode;
        return ValueTask.CompletedTask;
    }

    private protected override ValueTask<IReadOnlyList<TrainingInterval>> NextAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (_isTaken)
            return ValueTask.FromResult<IReadOnlyList<TrainingInterval>>([]);

        _isTaken = true;
        return ValueTask.FromResult<IReadOnlyList<TrainingInterval>>([Read()]);
    }

    private protected override ValueTask CloseAsync()
    {
        CloseMetrics();
        _json?.Dispose();
        return ValueTask.CompletedTask;
    }

    private TrainingInterval Read() => new(this)
    {
        Attempt = 0,
        Member = (int)Integer("PBT_MEMBER"),
        Interval = (int)Integer("PBT_INTERVAL"),
        Hyperparameters = ReadHyperparameters(),
        Reload = true,
        CheckpointIn = environment("PBT_CHECKPOINT_IN") is { Length: > 0 } start ? start : null,
        CheckpointOut = Text("PBT_CHECKPOINT_OUT"),
        Steps = environment("PBT_STEPS") is { Length: > 0 } ? Integer("PBT_STEPS") : null,
        Seconds = environment("PBT_SECONDS") is { Length: > 0 } ? Number("PBT_SECONDS") : null,
        Seed = (int)Integer("PBT_SEED"),
    };

    private Hyperparameters ReadHyperparameters()
    {
        var path = Text("PBT_HYPERPARAMETERS");
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(path));
            return Hyperparameters.Read(document.RootElement, Options.Defaults);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new ProtocolException($"PBT_HYPERPARAMETERS names {path}, which cannot be read: {error.Message}", error);
        }
    }

    private string Text(string name) => environment(name) is { Length: > 0 } text
        ? text
        : throw new ProtocolException($"PBT_CHECKPOINT_OUT is set, but {name} is not: start the program by `pbt run`, or unset all PBT_ variables for a plain run");

    private long Integer(string name) => long.TryParse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new ProtocolException($"{name} is '{Text(name)}', not an integer");

    private double Number(string name) => double.TryParse(Text(name), NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
        ? value
        : throw new ProtocolException($"{name} is '{Text(name)}', not a number");

    private FileStream? OpenMetrics() => environment("PBT_METRICS") is { Length: > 0 } path
        ? new FileStream(path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite, bufferSize: 32 * 1024)
        : null;

    private void CloseMetrics()
    {
        lock (_gate)
        {
            _metrics?.Dispose();
            _metrics = null;
        }
    }
}

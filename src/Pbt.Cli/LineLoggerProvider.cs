using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Pbt.Cli;

/// <summary>Logs as one line each: time, level if it is no plain information, message.</summary>
internal sealed class LineLoggerProvider(TextWriter output, TimeProvider time) : ILoggerProvider
{
    private readonly Lock _gate = new();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new LineLogger(this);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private void Write(LogLevel level, string message, Exception? error)
    {
        var stamp = time.GetLocalNow().ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        var mark = level >= LogLevel.Error ? " error:" : level == LogLevel.Warning ? " warning:" : string.Empty;
        lock (_gate)
        {
            output.WriteLine($"{stamp}{mark} {Words.OneLine(message + (error is null ? string.Empty : $" ({error.Message})"))}");
            output.Flush();
        }
    }

    private sealed class LineLogger(LineLoggerProvider provider) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                provider.Write(logLevel, formatter(state, exception), exception);
        }
    }
}

using System.CommandLine;
using System.Globalization;
using Pbt.Core.Studies;
using Pbt.Runtime.Processes;

namespace Pbt.Cli;

/// <summary>Ends a command at once when the process that started it is gone, as two signals would.</summary>
internal sealed class ParentWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _over = new();
    private readonly Task _watching;

    private ParentWatch(ProcessIdentity parent, Interruption interruption, TimeProvider time) =>
        _watching = WatchAsync(parent, interruption, time, _over.Token);

    /// <summary>The arguments by which this process is a command's parent.</summary>
    public static IReadOnlyList<string> Arguments =>
        ["--parent", string.Create(CultureInfo.InvariantCulture, $"{ProcessIdentity.Current.Pid}:{ProcessIdentity.Current.StartTicks}")];

    /// <summary>The option that names the parent.</summary>
    public static Option<string?> Option() => new("--parent") { Description = "End when this process does.", Hidden = true };

    /// <summary>Watches from now on; null where there is no parent to watch.</summary>
    /// <param name="parent">The option's value.</param>
    /// <param name="interruption">Is told.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="InvalidRequestException">The option names no process.</exception>
    public static ParentWatch? Start(string? parent, Interruption interruption, TimeProvider time)
    {
        if (parent is null)
            return null;

        var parts = parent.Split(':');
        if (parts.Length != 2 ||
            !int.TryParse(parts[0], CultureInfo.InvariantCulture, out var pid) ||
            !long.TryParse(parts[1], CultureInfo.InvariantCulture, out var started))
        {
            throw new InvalidRequestException($"--parent is '{parent}'; it must be PID:START");
        }

        return new(ProcessIdentity.Current with { Pid = pid, StartTicks = started }, interruption, time);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _over.CancelAsync();
        await _watching;
        _over.Dispose();
    }

    private static async Task WatchAsync(ProcessIdentity parent, Interruption interruption, TimeProvider time, CancellationToken over)
    {
        using var timer = new PeriodicTimer(Period, time);
        try
        {
            while (parent.IsAlive())
                await timer.WaitForNextTickAsync(over);

            interruption.KillNow();
        }
        catch (OperationCanceledException)
        {
            // The command ended first.
        }
    }
}

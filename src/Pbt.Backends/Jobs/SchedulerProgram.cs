using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Backends.Jobs;

/// <summary>How a scheduler's program ended.</summary>
/// <param name="Code">Its exit code.</param>
/// <param name="Out">What it printed.</param>
/// <param name="Error">What it printed as errors.</param>
public sealed record ProgramEnd(int Code, string Out, string Error)
{
    /// <summary>What it said, on one line: its errors or, without any, the rest.</summary>
    public string Said => string.Join("; ", (Error.Trim().Length > 0 ? Error : Out).Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
}

/// <summary>Runs the programs that come with a scheduler: with a vector of arguments and no shell in between.</summary>
/// <param name="missing">What to do where one is not to be found, as the end of a sentence.</param>
/// <param name="environment">Whether a variable of this process is passed on.</param>
/// <param name="patience">How long one may take.</param>
/// <param name="time">Measures that.</param>
public sealed class SchedulerProgram(string missing, Func<string, bool> environment, TimeSpan patience, TimeProvider time)
{
    /// <summary>Runs one to its end.</summary>
    /// <exception cref="JobQueueException">It took too long, and was ended.</exception>
    /// <exception cref="InvalidRequestException">It cannot be started.</exception>
    public async Task<ProgramEnd> RunAsync(string program, IEnumerable<string> arguments, string? input, CancellationToken cancellationToken)
    {
        using var process = Start(program, arguments);
        using var limit = new CancellationTokenSource(patience, time);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(over.Token);
            var error = process.StandardError.ReadToEndAsync(over.Token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(over.Token);
            return new ProgramEnd(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            cancellationToken.ThrowIfCancellationRequested();
            throw new JobQueueException(string.Create(CultureInfo.InvariantCulture, $"{program} did not answer within {patience.TotalSeconds:0.###} s"));
        }
    }

    private Process Start(string program, IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(name => !environment(name)).ToList())
            start.Environment.Remove(name);

        try
        {
            return Process.Start(start) ?? throw new InvalidRequestException($"{program} could not be started: {missing}");
        }
        catch (Win32Exception error)
        {
            throw new InvalidRequestException($"{program} could not be started ({error.Message}): {missing}");
        }
    }

    private static async Task WriteAsync(Process process, string? input)
    {
        try
        {
            await process.StandardInput.WriteAsync(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading all: its exit code says why.
        }
    }
}

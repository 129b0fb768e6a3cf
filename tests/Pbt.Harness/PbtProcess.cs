using System.Diagnostics;
using System.Text;

namespace Pbt.Harness;

/// <summary>A running pbt; killed when disposed of, if it still runs.</summary>
public sealed class PbtProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _out = new();
    private readonly StringBuilder _error = new();

    private PbtProcess(Process process)
    {
        _process = process;
        Pid = process.Id;
        process.OutputDataReceived += (_, line) => Add(_out, line.Data);
        process.ErrorDataReceived += (_, line) => Add(_error, line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Where the build put pbt: beside the tests' own output, in the same configuration.</summary>
    public static string Program { get; } = Path.Combine(FindProgram(), "pbt.dll");

    public int Pid { get; }

    public bool HasExited => _process.HasExited;

    /// <summary>What it printed so far.</summary>
    public string Printed
    {
        get
        {
            lock (_out)
            {
                lock (_error)
                    return $"{_out}{_error}";
            }
        }
    }

    /// <summary>Starts pbt; entries of the environment that are null are taken away.</summary>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="environment">What differs from this process's environment.</param>
    /// <param name="program">Another pbt.dll than the one of this build.</param>
    /// <param name="shell">A script for <c>sh</c> that starts it; its arguments are the command.</param>
    public static PbtProcess Start(
        IEnumerable<string> arguments, string workingDirectory, IReadOnlyDictionary<string, string?> environment, string? program = null, string? shell = null)
    {
        IEnumerable<string> command = ["dotnet", program ?? Program, .. arguments];
        if (shell is not null)
            command = ["sh", "-c", shell, "sh", .. command];

        var start = new ProcessStartInfo(command.First(), command.Skip(1))
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;

        return new PbtProcess(Process.Start(start)!);
    }

    /// <summary>Sends it a signal.</summary>
    public void Send(Signal signal) => Signals.Send(Pid, signal);

    /// <summary>Waits for its end.</summary>
    public async Task<Output> EndAsync(Func<string>? describe = null, double seconds = 90)
    {
        try
        {
            await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(seconds));
        }
        catch (TimeoutException)
        {
            throw new ExpectationException($"pbt still runs after {seconds} s; it printed:\n{Printed}\n{describe?.Invoke()}");
        }

        return new Output(_process.ExitCode, _out.ToString(), _error.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();

        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static void Add(StringBuilder text, string? line)
    {
        lock (text)
            text.Append(line).Append(line is null ? string.Empty : "\n");
    }

    private static string FindProgram()
    {
        var own = new DirectoryInfo(AppContext.BaseDirectory);
        return Path.Combine(own.Parent!.Parent!.FullName, "Pbt.Cli", own.Name);
    }
}

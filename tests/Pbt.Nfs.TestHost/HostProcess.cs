using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Pbt.Core.Studies;

namespace Pbt.Nfs.TestHost;

/// <summary>A process on one of the hosts that are reached through <c>eng/nfs</c>.</summary>
internal sealed class HostProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string Tools = Environment.GetEnvironmentVariable("PBT_NFS_TOOLS")
        ?? throw new InvalidRequestException("Run this by eng/nfs.");

    private readonly Process _process;
    private readonly ConcurrentDictionary<int, TaskCompletionSource<string>> _asked = new();
    private int _last;

    private HostProcess(Process process) => _process = process;

    /// <summary>Starts a program on a host.</summary>
    public static Process Start(string host, params string[] command) => Process.Start(new ProcessStartInfo(Path.Combine(Tools, "on"), [host, .. command])
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = host is "c",
        UseShellExecute = false,
    })!;

    /// <summary>Runs one of the tools to its end.</summary>
    public static async Task<string> ToolAsync(string tool, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(Path.Combine(Tools, tool), arguments) { RedirectStandardOutput = true, UseShellExecute = false })!;
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? text.Trim() : throw new InvalidOperationException($"{tool} {string.Join(' ', arguments)} failed: {text}");
    }

    /// <summary>Starts an agent and waits until it answers.</summary>
    public static async Task<HostProcess> AgentAsync(string host, string directory)
    {
        var agent = new HostProcess(Start(host, Environment.ProcessPath!, "agent", directory));
        _ = Task.Run(agent.ListenAsync);
        await agent.AskAsync("read");
        return agent;
    }

    /// <summary>Lets the agent do something; waits for the answer.</summary>
    public async Task<string> AskAsync(params string[] request)
    {
        var number = Interlocked.Increment(ref _last);
        var answer = _asked[number] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{number} {string.Join(' ', request)}"));
        await _process.StandardInput.FlushAsync();
        string text;
        try
        {
            text = await answer.Task.WaitAsync(Patience);
        }
        catch (TimeoutException e)
        {
            throw new TimeoutException($"{string.Join(' ', request)} had no answer after {Patience.TotalSeconds} s", e);
        }

        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return text[..space] is "ok" ? text[(space + 1)..] : throw new AgentException(text[..space], text);
    }

    /// <summary>Kills it, as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        // nsenter only waits for the program, which is its child.
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            await KillAsync();

        _process.Dispose();
    }

    private async Task ListenAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (int.TryParse(line.AsSpan(0, Math.Max(space, 0)), CultureInfo.InvariantCulture, out var number) && _asked.TryRemove(number, out var answer))
                answer.SetResult(line[(space + 1)..]);
        }

        foreach (var answer in _asked.Values)
            answer.TrySetResult("Ended the agent ended");
    }
}

/// <summary>What an agent's request failed with.</summary>
internal sealed class AgentException(string type, string text) : Exception(text)
{
    /// <summary>The type's name.</summary>
    public string Type { get; } = type;
}

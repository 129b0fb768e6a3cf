using System.Diagnostics;

namespace Pbt.EndToEnd.Tests.Harness;

/// <summary>A test whose trainers import PyTorch, from the system's Python.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class TorchFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> Obstacle = new(static () =>
    {
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/env", ["PATH=/usr/bin:/bin", "python3", "-c", "import torch"]) { RedirectStandardError = true, UseShellExecute = false })!;
        process.WaitForExit();
        return process.ExitCode == 0 ? null : "python3-torch is not installed";
    });

    public TorchFactAttribute() => Skip = Obstacle.Value;
}

using System.Globalization;
using Pbt.Testing;

namespace Pbt.Docs.Tests.Running;

/// <summary>A fresh folder that looks as a clone does to whoever follows a page, with the pbt and the samples of this build.</summary>
internal sealed class ScratchClone : IDisposable
{
    /// <summary>The address of the database in use, which leaves all else to the environment.</summary>
    public const string DatabaseAddress = "postgres:///postgres";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly Study _study = new();

    public ScratchClone()
    {
        foreach (var folder in (ReadOnlySpan<string>)["samples", "clients", "docs", "schemas"])
            Copy(Repository.At(folder), At(folder));

        var path = Directory.CreateDirectory(At(".path")).FullName;
        foreach (var program in (ReadOnlySpan<string>)[At("pbt"), Path.Combine(path, "pbt")])
        {
            File.WriteAllText(program, $"#!/bin/sh\nexec dotnet '{PbtProcess.Program}' \"$@\"\n");
            File.SetUnixFileMode(program, Executable);
        }

        // The system's Python, which has what the samples need, before any other.
        File.CreateSymbolicLink(Path.Combine(path, "python3"), "/usr/bin/python3");
        _study.With("PATH", $"{path}:{Environment.GetEnvironmentVariable("PATH")}");
    }

    /// <summary>A path in it.</summary>
    public string At(string path) => _study.At(path);

    /// <summary>Starts a script of bash in it; standard error goes to standard output.</summary>
    public PbtProcess Start(string script)
    {
        File.WriteAllText(At(".script"), script);
        return _study.StartShell("exec bash -euo pipefail .script 2>&1");
    }

    /// <summary>Lets every later script reach a server.</summary>
    public void Use(PostgresServer server) => _study
        .With("PGHOST", server.Socket)
        .With("PGPORT", server.Port.ToString(CultureInfo.InvariantCulture))
        .With("PGUSER", PostgresServer.User);

    public void Dispose() => _study.Dispose();

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));

        foreach (var folder in Directory.EnumerateDirectories(from))
        {
            var copy = Path.Combine(to, Path.GetFileName(folder));
            if (Path.GetFileName(folder) is "bin")
                Directory.CreateSymbolicLink(copy, folder);
            else if (Path.GetFileName(folder) is not ("obj" or "runs" or "data" or "__pycache__" or "checkpoints"))
                Copy(folder, copy);
        }
    }
}

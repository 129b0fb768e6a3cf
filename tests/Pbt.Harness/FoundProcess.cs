using System.Globalization;

namespace Pbt.Harness;

/// <summary>A live process that a test's study started, found by the mark in its environment.</summary>
public sealed record FoundProcess(int Pid, string CommandLine, IReadOnlyDictionary<string, string> Environment)
{
    /// <summary>Whether it is a trainer or was started by one.</summary>
    public bool IsOfTrainer => Environment.ContainsKey("PBT_MEMBER");

    /// <summary>Whether it is the process that pbt started as a trainer: it leads its session.</summary>
    public bool IsTrainer => IsOfTrainer && StatOf(Pid) is [_, _, _, var session, ..] && session == Pid.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether it is a worker.</summary>
    public bool IsWorker => !IsOfTrainer && CommandLine.Contains("pbt.dll worker ", StringComparison.Ordinal);

    /// <summary>The processes whose environment has an entry; those that have ended but were not reaped are not among them.</summary>
    public static List<FoundProcess> With(string name, string value)
    {
        var found = new List<FoundProcess>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), CultureInfo.InvariantCulture, out var pid) && Read(pid) is { } process
                && process.Environment.TryGetValue(name, out var its) && its == value)
            {
                found.Add(process);
            }
        }

        return found;
    }

    /// <summary>Whether a process is stopped.</summary>
    public static bool IsStopped(int pid) => StatOf(pid) is ["T", ..];

    public override string ToString() => $"{Pid} {CommandLine}";

    private static FoundProcess? Read(int pid)
    {
        try
        {
            var environment = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var entry in File.ReadAllText($"/proc/{pid}/environ").Split('\0'))
            {
                var cut = entry.IndexOf('=', StringComparison.Ordinal);
                if (cut > 0)
                    environment[entry[..cut]] = entry[(cut + 1)..];
            }

            var command = File.ReadAllText($"/proc/{pid}/cmdline").Replace('\0', ' ');
            return StatOf(pid) is ["Z" or "X", ..] ? null : new FoundProcess(pid, command, environment);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>The fields of the process's stat after its name: state, parent, group, session.</summary>
    private static string[] StatOf(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return ["X"];
        }
    }
}
